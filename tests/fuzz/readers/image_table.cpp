// Tables of pixels as text.
#include "engine/io/image_table.h"

#include "tests/fuzz/input.h"
#include "tests/fuzz/readers/readers.h"

namespace duel::fuzz {

void read_image_table(Input input) {
  const MemoryFile file(as_text(input));
  try {
    const ImageTable table = duel::read_image_table(file.path());
    const std::size_t rows = table.lines.size();
    if (rows < 1 || table.values.size() != rows * static_cast<std::size_t>(table.columns)) {
      broken_promise("a table without its values");
    }
    if (!table.labels.empty() && table.labels.size() != rows) broken_promise("rows without a label");
  } catch (const DataError&) {
  }
}

std::vector<std::string> image_table_seeds() {
  return {"label,a,b,c,d\n7,0,1,2,255\n3,4,5,6,7\n", "0;1;2;3\r\n4;5;6;7,5\r\n", "\"a, \"\"b\"\"\" ,1,2,3,4\n",
          "\"cat\"\t1\t2\t3\t4.5e1\n\n",
          "\xef\xbb\xbf"
          "1,2,3,4,5"};
}

}  // namespace duel::fuzz
