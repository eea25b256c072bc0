// Datasets of the MNIST family, where they are published and what their files must be.
#include "apps/mnist_gan/downloads.h"

namespace duel::app {
namespace {

std::map<int, std::string> names(const std::vector<std::string>& classes, int first = 0) {
  std::map<int, std::string> result;
  for (const std::string& name : classes) result[first++] = name;
  return result;
}

/// Each character is a class.
std::map<int, std::string> characters(const std::string& classes, int first = 0) {
  std::map<int, std::string> result;
  for (const char c : classes) result[first++] = std::string(1, c);
  return result;
}

constexpr const char* kDigits = "0123456789";
constexpr const char* kCapitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr const char* kSmall = "abcdefghijklmnopqrstuvwxyz";
constexpr const char* kUnlikeTheirCapitals =
    "abdefghnqrt";  // the other small letters share a class with their capitals

}  // namespace

// Sizes and SHA-256 sums: TensorFlow Datasets, url_checksums/{mnist,fashion_mnist,kmnist,emnist}.txt. Mirrors: the
// same, and torchvision/datasets/mnist.py. Classes of EMNIST: Cohen et al., EMNIST: an extension of MNIST to
// handwritten letters, 2017, and its mapping files. Measured with this program: docs/quality.md.
std::vector<Download> mnist_downloads() {
  return {
      {.name = "mnist",
       .about = "MNIST, handwritten digits, 60,000 + 10,000 images (LeCun, Cortes, Burges; CC BY-SA 3.0)",
       .mirrors = {"https://storage.googleapis.com/cvdf-datasets/mnist/",
                   "https://ossci-datasets.s3.amazonaws.com/mnist/"},
       .files =
           {{"t10k-labels-idx1-ubyte.gz", 4542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"},
            {"t10k-images-idx3-ubyte.gz", 1648877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"},
            {"train-labels-idx1-ubyte.gz", 28881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"},
            {"train-images-idx3-ubyte.gz", 9912422,
             "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"}},
       .classes = characters(kDigits),
       .checksum = "ee3d62f55dfafffb",
       .anchors = {{Metric::frechet_distance,
                    "Inception FID on MNIST, other and larger networks: MM GAN 9.8, NS GAN 6.8, LSGAN 7.8, WGAN 6.7 "
                    "(Lucic et al. 2018); not comparable with a classifier's Fréchet distance"},
                   {Metric::frechet_distance,
                    "Classifier's Fréchet distance on MNIST after 20 epochs, 10,000 samples: preset default 35.5 (30.4 "
                    "to 45.7 over training seeds), blog 2397 (1685 to 2905); comparable where classifiers are alike"},
                   {Metric::parzen, "Parzen on MNIST, the first GAN: 225 ± 2 nats (Goodfellow et al. 2014)"}}},
      {.name = "fashion",
       .about = "Fashion-MNIST, clothes, 60,000 + 10,000 images (Zalando; MIT)",
       .mirrors = {"http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"},
       .files =
           {{"t10k-labels-idx1-ubyte.gz", 5148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"},
            {"t10k-images-idx3-ubyte.gz", 4422102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"},
            {"train-labels-idx1-ubyte.gz", 29515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"},
            {"train-images-idx3-ubyte.gz", 26421880,
             "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"}},
       .classes = names(
           {"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"}),
       .checksum = "c11b6543ae1530f3"},
      {.name = "kmnist",
       .about = "Kuzushiji-MNIST, cursive Japanese characters, 60,000 + 10,000 images (CODH; CC BY-SA 4.0)",
       .mirrors = {"http://codh.rois.ac.jp/kmnist/dataset/kmnist/"},
       .files =
           {{"t10k-labels-idx1-ubyte.gz", 5120, "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c"},
            {"t10k-images-idx3-ubyte.gz", 3041136, "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5"},
            {"train-labels-idx1-ubyte.gz", 29497, "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17"},
            {"train-images-idx3-ubyte.gz", 18165135,
             "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4"}},
       .classes = names({"o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"})},
      {.name = "emnist",
       .about = "EMNIST, handwritten letters and digits, 562 MB for all parts (Cohen et al., NIST)",
       .mirrors = {"https://biometrics.nist.gov/cs_links/EMNIST/",
                   "https://www.itl.nist.gov/iaui/vip/cs_links/EMNIST/"},
       .files = {{"gzip.zip", 561753746, "fb9bb67e33772a9cc0b895e4ecf36d2cf35be8b709693c3564cea2a019fcda8e"}},
       .parts = {{"letters", "gzip/emnist-letters", characters(kSmall, 1)},
                 {"digits", "gzip/emnist-digits", characters(kDigits)},
                 {"balanced", "gzip/emnist-balanced",
                  characters(std::string(kDigits) + kCapitals + kUnlikeTheirCapitals)},
                 {"bymerge", "gzip/emnist-bymerge",
                  characters(std::string(kDigits) + kCapitals + kUnlikeTheirCapitals)},
                 {"byclass", "gzip/emnist-byclass", characters(std::string(kDigits) + kCapitals + kSmall)},
                 {"mnist", "gzip/emnist-mnist", characters(kDigits)}},
       .is_transposed = true},
  };
}

}  // namespace duel::app
