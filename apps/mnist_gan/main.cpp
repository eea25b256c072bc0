#include "app/program.h"
#include "apps/mnist_gan/mnist_gan.h"

int main(int argc, char** argv) {
  return duel::app::run(duel::app::mnist_gan(), argc, argv);
}
