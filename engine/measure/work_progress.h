// How far work is whose amount is known, and how long the rest will take.
#pragma once

#include <functional>
#include <optional>

namespace duel {

/// Work goes on in parts, each of a known amount, in any unit. Assumes that the rest goes as fast as what is done went.
class WorkProgress {
 public:
  /// `total`: of all parts. `now`: seconds on any monotonic clock.
  WorkProgress(double total, std::function<double()> now);

  /// A part of this amount begins; the one before is done.
  void begin(double amount);
  /// So much more of the part is done, as far as it is known to have as much.
  void advance(double amount);

  double share() const;                        ///< from 0 to 1
  std::optional<double> seconds_left() const;  ///< nothing where nothing is done

 private:
  std::function<double()> now_;
  double total_, start_;
  double before_ = 0, part_ = 0, of_part_ = 0;  ///< the parts that are done, the running one, what is done of it
};

}  // namespace duel
