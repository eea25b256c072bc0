# What finds a library: duel_find_NAME() sets `targets`, to nothing where it is missing.
macro(duel_find_JPEG)
  find_package(JPEG QUIET)
  set(targets JPEG::JPEG)
endmacro()

macro(duel_find_CURL)
  find_package(CURL QUIET)
  set(targets CURL::libcurl)
endmacro()

macro(duel_find_ZIP)  # the file for CMake that Debian's package has asks for tools of another one
  find_package(PkgConfig QUIET)
  if(PKG_CONFIG_FOUND)
    pkg_check_modules(LIBZIP QUIET IMPORTED_TARGET libzip)
  endif()
  set(targets PkgConfig::LIBZIP)
endmacro()

macro(duel_find_HTTPLIB)  # Debian's package has no file for CMake
  find_package(PkgConfig QUIET)
  if(PKG_CONFIG_FOUND)
    pkg_check_modules(HTTPLIB QUIET IMPORTED_TARGET cpp-httplib)
  endif()
  set(targets PkgConfig::HTTPLIB)
endmacro()

macro(duel_find_PROTOBUF)
  find_package(Protobuf QUIET)
  set(targets protobuf::libprotobuf)
  if(NOT TARGET protobuf::protoc)
    set(targets "")
  endif()
endmacro()

macro(duel_find_ONNX)
  find_package(Protobuf QUIET)
  find_package(ONNX QUIET)
  set(targets onnx)
  if(NOT TARGET protobuf::libprotobuf)
    set(targets "")
  endif()
endmacro()

macro(duel_find_GIF)
  find_package(GIF QUIET)
  set(targets GIF::GIF)
endmacro()

macro(duel_find_PYTHON)  # not what must be there from a program's start: sanitizers, the checked device, libraries of levels
  set(targets "")
  if(NOT DUEL_SANITIZE AND NOT DUEL_CHECKED AND NOT DUEL_FUZZ AND NOT DUEL_CPU_PORTABLE)
    find_package(Python 3.9 QUIET COMPONENTS Interpreter Development.Module)
    if(Python_FOUND)
      find_package(pybind11 2.10 QUIET CONFIG)
      set(targets pybind11::module)
    endif()
  endif()
endmacro()
