// Records of TensorBoard's event files, which a resumed run cuts.
#include "app/tensorboard/event_records.h"

#include "tests/fuzz/input.h"
#include "tests/fuzz/readers/readers.h"

namespace duel::fuzz {

void read_event_records(Input input) {
  const std::string bytes = as_text(input);
  std::string again;
  for (const std::string_view content : app::event_contents(bytes)) again += app::event_record(content);
  if (!bytes.starts_with(again)) broken_promise("records that the file does not begin with");
}

std::vector<std::string> event_records_seeds() {
  const std::string records = app::event_record("brain.Event:2") + app::event_record("");
  return {records, records + app::event_record(std::string(300, 'x')), records.substr(0, records.size() - 1)};
}

}  // namespace duel::fuzz
