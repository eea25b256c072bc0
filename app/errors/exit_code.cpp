#include "app/errors/exit_code.h"

#include <new>
#include <system_error>

#include "engine/io/data_error.h"
#include "kernels/runtime/error.h"

namespace duel::app {
namespace {

template <class Error>
bool is(const std::exception& error) {
  return dynamic_cast<const Error*>(&error) != nullptr;
}

}  // namespace

ExitCode exit_code_of(const std::exception& error) {
  if (is<UsageError>(error) || is<std::invalid_argument>(error)) return ExitCode::usage;
  if (is<DataError>(error)) return ExitCode::data;
  if (is<CudaError>(error) || is<std::bad_alloc>(error)) return ExitCode::cuda;
  if (is<NonFiniteError>(error)) return ExitCode::non_finite;
  if (is<std::system_error>(error)) return ExitCode::disk;
  return ExitCode::internal;
}

}  // namespace duel::app
