// The report's page as a whole, from whatever a run folder has.
#include <cmath>
#include <system_error>

#include "app/report/gallery.h"
#include "app/report/html.h"
#include "app/report/page.h"
#include "app/report/report.h"
#include "app/report/run_record.h"
#include "app/run_folder/run_outcome.h"
#include "apps/mnist_gan/mnist_gan.h"
#include "engine/io/png.h"
#include "files/file_lock.h"
#include "files/regular_file.h"
#include "tests/app/report/xml_fault.h"
#include "tests/files/temporary_folder.h"
#include "tests/support/catch.h"
#include "tests/support/text.h"

namespace {

using namespace duel::app;
using namespace duel::app::test;
using duel::test::contains;
using duel::test::count_of;
using duel::test::TemporaryFolder;

std::string page_of(const TemporaryFolder& folder) {
  write_report(mnist_gan(), folder.path());
  const std::string page = duel::read_regular_file(report_file(folder.path())).value();
  CHECK(xml_fault(page) == "");
  CHECK(!contains(page, "http"));  // no network
  return page;
}

/// A run of 100 lines of both logs.
void write_logs(const TemporaryFolder& folder, bool with_classes) {
  std::string stats, looks;
  for (int i = 0; i < 100; ++i) {
    const std::string begin = "{\"iteration\":" + std::to_string(10 * i) + ",\"epoch\":" + std::to_string(i / 50 + 1);
    stats += begin +
             ",\"d_loss\":0.6,\"g_loss\":0.8,\"d_real\":0.625,\"d_fake\":0.375,\"seconds\":" + std::to_string(i) +
             "}\n";
    looks += begin + ",\"value\":-1.2,\"value_gap\":0.186,\"d_accuracy\":0.7,\"generator_update\":0.001," +
             "\"discriminator_update\":0.002,\"update_ratio\":0.5,\"pairwise_distance\":0.9" +
             (with_classes ? ",\"class_shares\":[0.5,0.5],\"class_entropy\":0.693" : "") + ",\"alarm\":\"" +
             (i == 30 ? "few <classes>" : "") + "\"}\n";
  }
  folder.write("stats.jsonl", stats);
  folder.write("convergence.jsonl", looks);
}

}  // namespace

TEST_CASE("escaping and base64") {
  CHECK(escape_html("a<b> & \"c\" 'd'\n\x01\x7f é") == "a&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;\n\\x01\\x7f é");
  for (const auto& [bytes, text] : {std::pair{"", ""},
                                    {"f", "Zg=="},
                                    {"fo", "Zm8="},
                                    {"foo", "Zm9v"},
                                    {"foobar", "Zm9vYmFy"},
                                    {"\xff\xfe\xfd", "//79"}}) {
    CHECK(base64(std::string(bytes)) == text);
  }
  CHECK(short_text(0.61234) == "0.612");
  CHECK(short_text(999.4) == "999");
  CHECK((short_text(999.5) == "1,000" && short_text(-1624.6) == "−1,625" && short_text(2e15) == "2e+15"));
  CHECK(short_text(NAN) == "–");
}

TEST_CASE("pictures are evenly chosen, with both ends") {
  CHECK(evenly_chosen(3, 40) == std::vector<std::size_t>{0, 1, 2});
  CHECK(evenly_chosen(101, 5) == std::vector<std::size_t>{0, 25, 50, 75, 100});
  CHECK(evenly_chosen(7, 2) == std::vector<std::size_t>{0, 6});
  CHECK(evenly_chosen(7, 1) == std::vector<std::size_t>{6});
  CHECK(evenly_chosen(1, 40) == std::vector<std::size_t>{0});
  CHECK(evenly_chosen(0, 40).empty());
}

TEST_CASE("a page of an empty folder says what is missing") {
  const TemporaryFolder folder;
  const std::string page = page_of(folder);
  CHECK(contains(page, "stats.jsonl has no numbers"));
  CHECK(contains(page, "convergence.jsonl is absent"));
  CHECK(contains(page, "config.toml is absent"));
  CHECK(contains(page, "kernels.json is absent"));
  CHECK(contains(page, "outcome.json is absent"));
  CHECK(!contains(page, "<svg"));
  CHECK(!contains(page, "<img"));
}

TEST_CASE("a page shows what the folder has") {
  const TemporaryFolder folder;
  TrainOptions options = preset(mnist_gan(), "default");
  options.epochs = 17;
  options.data = "/some/<where>";
  folder.write("config.toml", to_config_file(options));
  folder.write("kernels.json",
               "{\"device\":\"A & B\",\"kernels\":[{\"op\":\"adam\",\"shapes\":\"1\",\"variant\":\"flat\",\"because\":"
               "\"tuned\"},{\"op\":\"adam\",\"shapes\":\"2\",\"variant\":\"flat\",\"because\":\"tuned\"}]}");
  folder.write("log.txt", "epoch 1/17 & so on\n");
  folder.write("samples/000000.png", "first");
  folder.write("samples/000400.png", "second");
  folder.write("samples/not-a-number.png", "other");
  folder.write("reals.png", "real");
  write_logs(folder, true);
  const std::string page = page_of(folder);
  CHECK(count_of(page, "<svg viewBox") == 9);
  for (const char* title :
       {"What D says", "Losses", "The game&#39;s value", "D&#39;s accuracy", "Size of the updates",
        "Ratio of the updates", "Diversity of the samples", "Classes of the samples", "Entropy of the classes"}) {
    CAPTURE(title);
    CHECK(contains(page, std::string("<h3>") + title + "</h3>"));
  }
  CHECK(contains(page, "preset default · A &amp; B"));
  CHECK(contains(page, "<b>991</b><span>iterations"));
  CHECK(contains(page, "<b>641</b><span>images a second"));  // 991 batches of 64 in 99 seconds
  CHECK(contains(page, "<div class=\"own\"><span>epochs</span><code>17</code>"));
  CHECK(contains(page, "<div class=\"own\"><span>data</span><code>/some/&lt;where&gt;</code>"));
  CHECK(contains(page, "<div><span>batch-size</span><code>64</code>"));
  CHECK(contains(page, "<td>adam</td><td>flat</td><td>tuned</td><td>2</td>"));
  CHECK(contains(page, "epoch 1/17 &amp; so on"));
  CHECK(contains(page, "iteration 300: few &lt;classes&gt;"));
  CHECK(count_of(page, "<img") == 3);
  CHECK(contains(page, "alt=\"after 0 iterations\" src=\"data:image/png;base64," + base64(std::string("first"))));
  CHECK(contains(page, "class=\"shown\" alt=\"after 400 iterations\""));
  CHECK(contains(page, "max=\"1\" value=\"1\""));
  CHECK(contains(page, base64(std::string("real"))));
  CHECK(!contains(page, base64(std::string("other"))));
}

TEST_CASE("the header says of which data, when, by what and how it ended, and how good the last samples are") {
  const TemporaryFolder folder;
  TrainOptions options = preset(mnist_gan(), "default");
  options.data = "/data/<MNIST>/raw";
  options.training.seed = 17;
  folder.write("config.toml", to_config_file(options));
  folder.write("outcome.json", to_json({.end = RunEnd::finished, .version = "1.2.3", .begun = "2026-01-31T23:59:58Z"}));
  write_logs(folder, true);
  std::string page = page_of(folder);
  for (const char* fact : {"<dt>data</dt><dd title=\"/data/&lt;MNIST&gt;/raw\">&lt;MNIST&gt;/raw</dd>",
                           "<dt>begun</dt><dd>2026-01-31 23:59 UTC</dd>", "<dt>version</dt><dd>mnist_gan 1.2.3</dd>",
                           "<dt>seed</dt><dd>17</dd>", "<dt>outcome</dt><dd class=\"good\">finished</dd>",
                           "<dt>last samples</dt><dd>diversity 0.9 of that of real images, 2 of 2 classes</dd>"}) {
    CAPTURE(fact);
    CHECK(contains(page, fact));
  }
  // What an older run does not say is left out.
  folder.write("outcome.json", "{\"outcome\":\"failed\",\"exit_code\":6,\"iterations\":1,\"goal\":2}");
  page = page_of(folder);
  CHECK(contains(page, "<dd class=\"bad\">failed</dd>"));
  CHECK((!contains(page, "<dt>begun") && !contains(page, "<dt>version")));
}

TEST_CASE("a page has the values of its charts for the pointer, and colours for dark screens") {
  const TemporaryFolder folder;
  write_logs(folder, true);
  const std::string page = page_of(folder);
  CHECK(contains(page, "data-ys=\"0.625 0.625 "));
  CHECK(contains(page, "data-curve=\"1\" data-xs=\""));
  CHECK(contains(page, "prefers-color-scheme: dark"));
  CHECK(count_of(page, "data-log=") == 2);
}

TEST_CASE("a page shows the gradient penalty of a game that has one") {
  const TemporaryFolder folder;
  write_logs(folder, false);
  CHECK(!contains(page_of(folder), "Gradient penalty"));
  folder.write("stats.jsonl",
               "{\"iteration\":0,\"d_loss\":1,\"penalty\":9.5}\n{\"iteration\":10,\"d_loss\":1,\"penalty\":0.75}\n");
  CHECK(contains(page_of(folder), "Gradient penalty"));
  CHECK(contains(page_of(folder), "9.5 0.75"));
}

TEST_CASE("pictures are shown in whole pixels, and a live page asks for them") {
  const TemporaryFolder folder;
  duel::write_png(folder.path() / "reals.png",
                  {.height = 152, .width = 152, .pixels = std::vector<std::uint8_t>(152 * 152)});
  std::filesystem::create_directory(folder.path() / "samples");
  duel::write_png(folder.path() / "samples/000400.png",
                  {.height = 2, .width = 500, .pixels = std::vector<std::uint8_t>(1000)});
  std::string page = page_of(folder);
  CHECK((contains(page, "width=\"456\"") && contains(page, "width=\"500\"")));
  page = report_page(read_run(mnist_gan(), folder.path()), PageForm::live, "more();");
  CHECK(xml_fault(page) == "");
  CHECK(contains(page, "src=\"samples/000400.png?"));
  CHECK(contains(page, "src=\"reals.png?"));
  CHECK(!contains(page, "base64"));
  CHECK(contains(page, "more();"));
}

TEST_CASE("a page without classes, and with damaged lines, says so") {
  const TemporaryFolder folder;
  write_logs(folder, false);
  std::ofstream(folder.path() / "stats.jsonl", std::ios::app) << "{\"iteration\":\n";
  const std::string page = page_of(folder);
  CHECK(count_of(page, "<svg viewBox") == 7);
  CHECK(contains(page, "convergence.jsonl has no class_shares"));
  CHECK(contains(page, "1 damaged line"));
}

TEST_CASE("an outcome is written as JSON, whatever the reason, and read again") {
  const RunOutcome failed{RunEnd::failed, 6, 1234, 18760, "cannot write \"a\xff\nb\"\x1b[31m", "mend \"it\""};
  const auto found = parse_outcome(to_json(failed));
  REQUIRE(found);
  CHECK(found->end == RunEnd::failed);
  CHECK((found->exit_code == 6 && found->iterations == 1234 && found->goal == 18760));
  CHECK(found->reason == "cannot write \"a\uFFFD\nb\"\x1b[31m");
  CHECK(found->remedy == "mend \"it\"");
  for (const RunEnd end : {RunEnd::running, RunEnd::finished, RunEnd::stopped, RunEnd::collapsed}) {
    CHECK(parse_outcome(to_json({.end = end})).value().end == end);
  }
  for (const char* damaged : {"", "{}", "[1]", "null", "{\"outcome\":\"failed\"}",
                              "{\"outcome\":7,\"exit_code\":1,\"iterations\":1,\"goal\":1}",
                              "{\"outcome\":\"other\",\"exit_code\":1,\"iterations\":1,\"goal\":1}",
                              "{\"outcome\":\"failed\",\"exit_code\":1.5,\"iterations\":1,\"goal\":1}"}) {
    CAPTURE(damaged);
    CHECK(!parse_outcome(damaged));
  }
}

TEST_CASE("the page begins with how the run ended, why, and what to do") {
  bool has_checkpoint = true;
  const auto head = [&](const RunOutcome& outcome, const TrainOptions& options, bool is_alarmed) {
    const TemporaryFolder folder;
    if (has_checkpoint) folder.write("checkpoints/000100.safetensors", "");
    folder.write("outcome.json", to_json(outcome));
    folder.write("config.toml", to_config_file(options));
    write_logs(folder, false);
    if (is_alarmed) {
      std::ofstream(folder.path() / "convergence.jsonl", std::ios::app)
          << "{\"iteration\":1000,\"alarm\":\"all <alike>\"}\n{\"iteration\":1100,\"alarm\":\"all alike\"}\n";
    }
    const std::string page = page_of(folder);
    return page.substr(page.find("</header>"), page.find("class=\"tiles\"") - page.find("</header>"));
  };
  const TrainOptions standard = preset(mnist_gan(), "default");
  std::string text =
      head({RunEnd::failed, 6, 1234, 18760, "cannot write <log>\nNo space left", "Mend <it>; `so`."}, standard, false);
  CHECK(contains(text, "outcome bad\"><h3>The run failed after 1,234 of 18,760 iterations, with exit code 6</h3>"));
  CHECK(contains(text, "cannot write &lt;log&gt;\nNo space left"));
  CHECK(contains(text, "<p>Mend &lt;it&gt;; <code>so</code>.</p>"));

  const std::string resume = "<code>mnist_gan train --resume ",
                    all_the_same = "</code> goes on from there all the same.";
  text = head({RunEnd::collapsed, 7, 1100, 18760, "", "Try `--loss cross_entropy`."}, standard, true);
  CHECK((contains(text, resume) && contains(text, "</code> goes on from there, until the next bad look.")));
  CHECK(contains(text, "<p>Try <code>--loss cross_entropy</code>. <code>mnist_gan train --resume"));
  CHECK(contains(text, "outcome bad\"><h3>The generator has collapsed: the run was stopped after 1,100 of 18,760"));
  CHECK(contains(text, "Since iteration 1,000: all &lt;alike&gt;."));
  has_checkpoint = false;
  text = head({RunEnd::collapsed, 7, 1100, 18760, "", "Try another `--seed`."}, standard, true);
  CHECK(contains(text, "<p>Try another <code>--seed</code>.</p>"));

  has_checkpoint = true;
  text = head({RunEnd::collapsed, 7, 1100, 1100, "", ""}, standard, true);
  CHECK(contains(text, "outcome bad\"><h3>The run has finished, and the generator has collapsed</h3>"));
  CHECK(!contains(text, "--resume"));

  text = head({RunEnd::finished, 0, 1100, 1100, "", ""}, standard, true);
  CHECK(contains(text, "outcome bad\"><h3>The run has finished, but the generator looks collapsed"));
  text = head({RunEnd::finished, 0, 18760, 18760, "", ""}, standard, false);
  CHECK(contains(text, "outcome good\"><h3>The run has finished: 18,760 iterations</h3></section>"));
  text = head({RunEnd::stopped, 143, 100, 200, "SIGTERM", ""}, standard, false);
  CHECK(contains(text, "outcome open\"><h3>The run was stopped after 100 of 200 iterations"));
  CHECK(contains(text, "By SIGTERM. The state is saved."));
  CHECK((contains(text, resume) && contains(text, "</code> goes on from there.") && !contains(text, "--minutes")));
  text = head({RunEnd::stopped, 0, 100, 200, "the time limit (--minutes)", ""}, standard, false);
  CHECK(contains(text, " --minutes 0</code> goes on from there."));
  text = head({RunEnd::stopped, 143, 1100, 1200, "SIGTERM", ""}, standard, true);
  CHECK((contains(text, resume) && contains(text, all_the_same)));
  CHECK(
      contains(text, "outcome bad\"><h3>The run was stopped after 1,100 of 1,200 iterations, and the generator looks"));
  CHECK(contains(text, "Stopped by SIGTERM; the state is saved. Since iteration 1,000: all"));
  // Nobody trains there.
  text = head({RunEnd::running, 0, 0, 2000, "", ""}, standard, false);
  CHECK(contains(text, "outcome bad\"><h3>The run was killed: its process is gone without a word</h3>"));
  CHECK(contains(text, "Its files reach to iteration 991 of 2,000."));
  CHECK((contains(text, resume) && contains(text, "</code> goes on from the last checkpoint.")));
  has_checkpoint = false;
  text = head({RunEnd::running, 0, 0, 200, "", ""}, standard, false);
  CHECK(contains(text, "It had no checkpoint yet: train again."));
  CHECK(!contains(text, resume));
}

TEST_CASE("a run goes on while a process trains in its folder, and was killed when that is gone") {
  const TemporaryFolder folder;
  folder.write("outcome.json", to_json({.goal = 200}));
  folder.write("log.txt", "");
  const auto live_page = [&] { return report_page(read_run(mnist_gan(), folder.path()), PageForm::live); };
  {
    const auto training = duel::FileLock::try_for(folder.path() / "log.txt");
    REQUIRE(read_outcome(folder.path()));
    CHECK(read_outcome(folder.path())->end == RunEnd::running);
    CHECK(contains(live_page(), "outcome open\"><h3>This run goes on</h3>"));
    const std::string page = page_of(folder);
    CHECK(contains(page, "outcome open\"><h3>This run had not ended when the page was written"));
    CHECK((contains(page, "<dd>running</dd>") && contains(page, "If its process is gone, train again")));
  }
  CHECK(read_outcome(folder.path())->end == RunEnd::killed);
  for (const std::string& page : {live_page(), page_of(folder)}) {
    CHECK(contains(page, "outcome bad\"><h3>The run was killed"));
    CHECK(contains(page, "<dd class=\"bad\">killed</dd>"));
  }
  folder.write("outcome.json", to_json({.end = RunEnd::finished, .goal = 200}));
  CHECK(read_outcome(folder.path())->end == RunEnd::finished);
  folder.write("outcome.json", "{");
  CHECK(!read_outcome(folder.path()));
}

TEST_CASE("a page says how far the run came, whichever of its files reaches farthest") {
  const TemporaryFolder folder;
  write_logs(folder, false);  // 991 iterations
  folder.write("samples/000990.png", "x");
  CHECK(contains(page_of(folder), "<b>991</b><span>iterations"));
  folder.write("samples/001000.png", "x");
  CHECK(contains(page_of(folder), "<b>1,000</b><span>iterations"));
  folder.write("outcome.json", to_json({.end = RunEnd::stopped, .iterations = 1007, .goal = 2000}));
  CHECK(contains(page_of(folder), "<b>1,007</b><span>iterations"));
}

TEST_CASE("a page calls classes by the names that the run folder has") {
  const TemporaryFolder folder;
  write_logs(folder, true);
  const std::string number = "</i>1 <b>50 %</b>";
  CHECK(contains(page_of(folder), number));
  folder.write("dataset.json", R"({"classes":{"3":"cats","26":"<dogs> & more"}})");
  const std::string page = page_of(folder);
  CHECK((contains(page, "</i>cats <b>50 %</b>") && contains(page, "</i>&lt;dogs&gt; &amp; more <b>50 %</b>")));
  folder.write("dataset.json", "{");
  CHECK(contains(page_of(folder), number));
}

TEST_CASE("a page of a run that has finished says whether the generator ever looked well") {
  for (const bool was_well : {false, true}) {
    const TemporaryFolder folder;
    folder.write("outcome.json", to_json({.end = RunEnd::finished, .iterations = 500, .goal = 500}));
    std::string looks;
    for (const int i : {1, 401, 500}) {
      const int bad = i == 1 ? 1 : i == 401 ? (was_well ? 0 : 2) : (was_well ? 1 : 3);
      looks += "{\"iteration\":" + std::to_string(i) + ",\"bad_looks\":" + std::to_string(bad) + ",\"alarm\":\"\"}\n";
    }
    folder.write("convergence.jsonl", looks);
    const std::string page = page_of(folder);
    CHECK(contains(page, std::string("outcome ") + (was_well ? "good" : "open") + "\"><h3>The run has finished: 500"));
    CHECK(contains(page, "No look has found the generator well yet") == !was_well);
  }
}

TEST_CASE("the lines of the charts are where the run's settings have the equilibrium") {
  const auto levels = [](const std::string& config) {
    const TemporaryFolder folder;
    if (!config.empty()) folder.write("config.toml", config);
    write_logs(folder, false);
    const std::string page = page_of(folder);
    std::string names;
    for (std::size_t at = page.find("level-name\" x"); at != page.npos; at = page.find("level-name\" x", at + 1)) {
      const std::size_t begin = page.find('>', at) + 1;
      names += (names.empty() ? "" : ", ") + page.substr(begin, page.find('<', begin) - begin);
    }
    return names;
  };
  const std::string others = ", 1/2, 1, real";  // accuracy, ratio of the updates, diversity
  CHECK(levels(to_config_file(preset(mnist_gan(), "default"))) == "0.45, G 0.799, D 0.688, −1.396" + others);
  CHECK(levels(to_config_file(preset(mnist_gan(), "blog"))) == "1/2, ln 2, −log 4" + others);
  CHECK(levels(to_config_file(preset(mnist_gan(), "paper"))) == "1/2, ln 2, −log 4" + others);
  TrainOptions options = preset(mnist_gan(), "default");
  options.training.generator_loss = duel::GeneratorLoss::minimax;
  CHECK(levels(to_config_file(options)) == "0.45, D 0.688, G −0.598, −1.396" + others);
  options.training.real_label = 1;
  CHECK(levels(to_config_file(options)) == "1/2, D ln 2, G −ln 2, −log 4" + others);
  // Where D may say any of a range, that and G's loss have no level.
  CHECK(levels(to_config_file(preset(mnist_gan(), "hinge"))) == "D 2, −2" + others);
  CHECK(levels(to_config_file(preset(mnist_gan(), "wgan"))) == "D 0, 0" + others);
  // Older runs lack the label, which was 1 then; what cannot be understood counts as absent.
  for (const char* config :
       {"", "preset = \"blog\"\n", "real-label = 0\n", "real-label = \"x\"\n", "real-label = 7\n"}) {
    CHECK(levels(config) == "1/2, ln 2, −log 4" + others);
  }
}

TEST_CASE("a page of damaged files is still a page") {
  const TemporaryFolder folder;
  folder.write("config.toml", "= nonsense [");
  folder.write("kernels.json", "[1, {");
  folder.write("stats.jsonl", std::string(100, '\0'));
  folder.write("convergence.jsonl", "{\"iteration\":1,\"class_shares\":[null,\"x\"],\"value\":\"y\",\"alarm\":7}\n");
  folder.write("log.txt", std::string(100'000, '<'));
  const std::string page = page_of(folder);
  CHECK(page.size() < 200'000);
  CHECK(contains(page, "config.toml is absent or cannot be read"));
  folder.write("kernels.json", "{\"device\":1,\"kernels\":[1,{\"op\":2}]}");
  CHECK(contains(page_of(folder), "Kernels of an iteration"));
}

TEST_CASE("a page of a long run with large pictures stays small") {
  const TemporaryFolder folder;
  std::string stats;
  for (int i = 0; i < 100'000; ++i) {
    stats += "{\"iteration\":" + std::to_string(i) + ",\"d_real\":0." + std::to_string(i % 977) + ",\"d_fake\":0." +
             std::to_string(i % 983) + ",\"d_loss\":0." + std::to_string(i % 991) + "}\n";
  }
  folder.write("stats.jsonl", stats);
  for (int i = 100; i < 200; ++i) folder.write("samples/" + std::to_string(i) + ".png", std::string(500'000, 'x'));
  const std::string page = page_of(folder);
  CHECK(page.size() < 5'000'000);
  CHECK(contains(page, "after 199 iterations"));
  CHECK(contains(page, "after 100 iterations"));
}

TEST_CASE("settings that differ from the preset") {
  CHECK(!differs_from_preset(mnist_gan(), {"learning-rate", {"0.0004"}}, "default"));
  CHECK(!differs_from_preset(mnist_gan(), {"lr", {"4e-4"}}, "default"));
  CHECK(differs_from_preset(mnist_gan(), {"lr", {"0.0003"}}, "default"));
  CHECK(differs_from_preset(mnist_gan(), {"batch-norm-eps", {"0.8"}}, "default"));
  CHECK(!differs_from_preset(mnist_gan(), {"batch-norm-eps", {"0.8"}}, "blog"));
  CHECK(!differs_from_preset(mnist_gan(), {"generator-widths", {"128,256,512,1024"}}, "blog"));
  CHECK(differs_from_preset(mnist_gan(), {"unheard-of", {"1"}}, "blog"));
  CHECK(differs_from_preset(mnist_gan(), {"lr", {"fast"}}, "blog"));
  CHECK(differs_from_preset(mnist_gan(), {"lr", {"0.0002"}}, "unheard-of"));
}

TEST_CASE("the report is written at once, and then seldom") {
  const TemporaryFolder folder;
  double now = 100;
  ReportPace pace(mnist_gan(), folder.path(), [&now] { return now; });
  CHECK(pace.write_if_due());
  std::filesystem::remove(report_file(folder.path()));
  now += 19.9;
  CHECK(!pace.write_if_due());
  CHECK(!std::filesystem::exists(report_file(folder.path())));
  now += 0.2;
  CHECK(pace.write_if_due());
  CHECK(std::filesystem::exists(report_file(folder.path())));
}

TEST_CASE("the slower a report is, the more seldom it is written") {
  const TemporaryFolder folder;
  double now = 0, took = 2;
  ReportPace pace(mnist_gan(), folder.path(), [&] { return now += took; });  // every look at the clock takes that long
  CHECK(pace.write_if_due());
  took = 0;
  now += 95;
  CHECK(!pace.write_if_due());
  now += 10;
  CHECK(pace.write_if_due());
}

TEST_CASE("a report that cannot be written is a system error") {
  CHECK_THROWS_AS(write_report(mnist_gan(), "/nowhere/at/all"), std::system_error);
}
