// In which form a run's page is made.
#pragma once

namespace duel::app {

enum class PageForm {
  file,  ///< report.html: all that it shows is in it
  live,  ///< asks for its pictures, and for itself again while the run goes on (app/live/)
};

}  // namespace duel::app
