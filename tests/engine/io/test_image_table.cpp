// Tables of pixels as text.
#include "engine/io/image_table.h"

#include "tests/engine/io/idx_files.h"
#include "tests/support/catch.h"

namespace duel {
namespace {

using namespace test;
using Texts = std::vector<std::string>;

ImageTable read(const std::string& content, bool compressed = false) {
  const TemporaryFolder folder;
  return read_image_table(folder.write("table.csv", compressed ? gzip(text(content)) : text(content)));
}

TEST_CASE("table: labels by a column's name, wherever it is, or before a square of pixels") {
  for (const std::string form :
       {"label,a,b,c,d\n7,0,1,2,255\n3,4,5,6,7\n", "a;b;c;d;Class\r\n0;1;2;255;7\r\n4;5;6;7;3\r\n",
        "\xef\xbb\xbf\"label\",\"a\",\"b\",\"c\",\"d\"\n\"7\",0,1,2,255\n\"3\",4,5,6,7", "7,0,1,2,255\n3,4,5,6,7\n",
        "7\t0\t1\t2\t255\n\n3\t4\t5\t6\t7\n\n"}) {
    CAPTURE(form);
    for (const bool compressed : {false, true}) {
      const ImageTable table = read(form, compressed);
      CHECK((table.lines.size() == 2 && table.columns == 4));
      CHECK(table.values == std::vector<float>{0, 1, 2, 255, 4, 5, 6, 7});
      CHECK(table.labels == Texts{"7", "3"});
    }
  }
}

TEST_CASE("table: no labels, words as labels, names of columns without a label") {
  CHECK(read("0,1,2,255\n").labels.empty());
  CHECK(read("0,1,2,255\n").columns == 4);
  CHECK(read("cat,0,1,2,255\ndog,1,1,1,1\n").labels == Texts{"cat", "dog"});
  const ImageTable named = read("p0,p1,p2,p3\n0.5,1e2,2,3\n");
  CHECK((named.labels.empty() && named.lines.size() == 1));
  CHECK(named.values == std::vector<float>{0.5f, 100, 2, 3});
  CHECK(read("9,1,2,3,4,5,6,7,8,9,10,11,12\n").labels == Texts{"9"});  // 12 = 2 x 2 of 3 channels
}

TEST_CASE("table: values in quotes, and decimal commas where they do not separate") {
  CHECK(read("\"a, \"\"b\"\"\",0,1,2,255\n").labels == Texts{"a, \"b\""});
  CHECK(read("label,p,q,r,s\n\"x;y\",\"1\" , \"2\",3,4\n").labels == Texts{"x;y"});
  for (const char* form : {"0,5;0,25;1,0;0\n", "a;b;c;d\n0,5;0,25;\"1,0\";0\n", "0,5\t0,25\t1,0\t0\n"}) {
    CAPTURE(form);
    CHECK(read(form).values == std::vector<float>{0.5f, 0.25f, 1, 0});
  }
  const ImageTable labelled = read("p0;label;p1;p2;p3\n\n0,5;\"a;b\";1;0;0\n1;c;1;0;0\n");
  CHECK(labelled.labels == Texts{"a;b", "c"});
  CHECK(labelled.place_of(0) == "line 3, value 1");
  CHECK(labelled.place_of(7) == "line 4, value 5");
  check_says(message_of([] { read("1;1;1;1\n1.000,5;1;1;1\n"); }), "line 2, value 1: expected a number");
  check_says(message_of([] { read("\"a,1,2,3,4\n\"b\",1,2,3,4\n"); }), "line 1, value 1: expected a value in quotes");
  check_says(message_of([] { read("1,2,3,4\n\"1\"2,2,3,4\n"); }), "line 2, value 1: expected a value in quotes");
  check_says(message_of([] { read("\n <!DOCTYPE html>\n<p>1,2"); }), "found a page of HTML");
}

TEST_CASE("table: what is wrong is told with its line") {
  check_says(message_of([] { read("1,2,3,4\n1,2,3\n"); }), "line 2: expected 4 values, as in the first line, found 3");
  check_says(message_of([] { read("1,2,3,4\n1,2,3,4,5\n"); }), "found 5");
  check_says(message_of([] { read("a,b\n1,2\n\n3,x\n"); }), "line 4, value 2: expected a number, found 'x'");
  check_says(message_of([] { read("1,2,3,\n"); }), "found names of columns alone");
  check_says(message_of([] { read("a,b\n"); }), "found names of columns alone");
  check_says(message_of([] { read("\n\n"); }), "found empty lines");
  check_says(message_of([] { read("1,nan,2,3\n1,1,1,1\n1,inf,1,1\n"); }), "line 3, value 2: expected a number");
}

TEST_CASE("table: the side of a square") {
  int channels = 0;
  CHECK((side_of_square(784, channels) == 28 && channels == 1));
  CHECK((side_of_square(3072, channels) == 32 && channels == 3));
  CHECK((side_of_square(785, channels) == 0 && side_of_square(0, channels) == 0 && side_of_square(-4, channels) == 0));
}

}  // namespace
}  // namespace duel
