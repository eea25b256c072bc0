#include "kernels/simt/symbols.h"

#include <cxxabi.h>
#include <dlfcn.h>
#include <link.h>

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <vector>

namespace simt {
namespace {

template <class T>
std::vector<T> read_at(std::ifstream& file, std::uint64_t offset, std::size_t count) {
  std::vector<T> values(count);
  file.seekg(static_cast<std::streamoff>(offset));
  file.read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(count * sizeof(T)));
  if (!file) values.clear();
  return values;
}

// The function at `value` in the ELF file. Source: Tool Interface Standard, Executable and Linking Format, 1.2.
std::optional<std::string> find_function(std::ifstream& file, ElfW(Addr) value) {
  const auto header = read_at<ElfW(Ehdr)>(file, 0, 1);
  if (header.empty()) return std::nullopt;
  const auto sections = read_at<ElfW(Shdr)>(file, header[0].e_shoff, header[0].e_shnum);
  for (const auto& section : sections) {
    if (section.sh_type != SHT_SYMTAB || section.sh_link >= sections.size()) continue;
    for (const auto& symbol : read_at<ElfW(Sym)>(file, section.sh_offset, section.sh_size / sizeof(ElfW(Sym)))) {
      if (symbol.st_value != value || ELF64_ST_TYPE(symbol.st_info) != STT_FUNC) continue;
      file.seekg(static_cast<std::streamoff>(sections[section.sh_link].sh_offset + symbol.st_name));
      std::string name;
      if (std::getline(file, name, '\0')) return name;
    }
  }
  return std::nullopt;
}

std::string name_at(std::ifstream& file, std::uint64_t offset) {
  file.seekg(static_cast<std::streamoff>(offset));
  std::string name;
  std::getline(file, name, '\0');
  return name;
}

// Where the section that holds the __shared__ variables begins in the thread-local block of the program.
struct SharedSection {
  std::size_t index = 0;  // 0: there is none
  ElfW(Addr) begin = 0;
};
SharedSection find_shared_section(std::ifstream& file, const ElfW(Ehdr) & header,
                                  const std::vector<ElfW(Shdr)>& sections) {
  ElfW(Addr) block = 0;
  for (const auto& segment : read_at<ElfW(Phdr)>(file, header.e_phoff, header.e_phnum)) {
    if (segment.p_type == PT_TLS) block = segment.p_vaddr;
  }
  for (std::size_t i = 0; i < sections.size(); ++i) {
    const std::uint64_t names = sections.at(header.e_shstrndx).sh_offset;
    if (name_at(file, names + sections[i].sh_name) == "simt_shared") return {i, sections[i].sh_addr - block};
  }
  return {};
}

}  // namespace

CodeRange code_around(std::uintptr_t address) {
  struct Search {
    std::uintptr_t address;
    CodeRange found;
  } search{address, {}};
  const auto look = [](dl_phdr_info* module, std::size_t, void* data) {
    auto& wanted = *static_cast<Search*>(data);
    for (int i = 0; i < module->dlpi_phnum; ++i) {
      const auto& segment = module->dlpi_phdr[i];
      const std::uintptr_t begin = module->dlpi_addr + segment.p_vaddr;
      if (segment.p_type != PT_LOAD || !(segment.p_flags & PF_X)) continue;
      if (wanted.address < begin || wanted.address - begin >= segment.p_memsz) continue;
      wanted.found = {begin, begin + segment.p_memsz};
      return 1;
    }
    return 0;
  };
  dl_iterate_phdr(look, &search);
  return search.found;
}

std::vector<SharedSymbol> shared_symbols() {
  std::vector<SharedSymbol> result;
  std::ifstream file("/proc/self/exe", std::ios::binary);
  const auto header = read_at<ElfW(Ehdr)>(file, 0, 1);
  if (header.empty()) return result;
  const auto sections = read_at<ElfW(Shdr)>(file, header[0].e_shoff, header[0].e_shnum);
  const SharedSection shared = find_shared_section(file, header[0], sections);
  if (shared.index == 0) return result;
  for (const auto& section : sections) {
    if (section.sh_type != SHT_SYMTAB || section.sh_link >= sections.size()) continue;
    for (const auto& symbol : read_at<ElfW(Sym)>(file, section.sh_offset, section.sh_size / sizeof(ElfW(Sym)))) {
      if (symbol.st_shndx != shared.index || ELF64_ST_TYPE(symbol.st_info) != STT_TLS) continue;
      result.push_back({name_at(file, sections[section.sh_link].sh_offset + symbol.st_name),
                        symbol.st_value - shared.begin, symbol.st_size});
    }
  }
  return result;
}

std::string demangled_symbol(const std::string& symbol) {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> name(abi::__cxa_demangle(symbol.c_str(), nullptr, nullptr, &status),
                                                    std::free);
  return status == 0 ? name.get() : symbol;
}

std::optional<std::string> symbol_at(const void* address) {
  Dl_info info{};
  void* extra = nullptr;
  if (!dladdr1(address, &info, &extra, RTLD_DL_LINKMAP)) return std::nullopt;
  const auto* module = static_cast<const link_map*>(extra);  // the program itself has no name there
  std::ifstream file(*module->l_name ? module->l_name : "/proc/self/exe", std::ios::binary);
  return file ? find_function(file, reinterpret_cast<ElfW(Addr)>(address) - module->l_addr) : std::nullopt;
}

}  // namespace simt
