// SPDX-License-Identifier: BSD-3-Clause
#include "io/disk.hpp"

#include "core/error.hpp"
#include "core/progress.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <system_error>

namespace starling::io {
namespace {

std::string reason(int code) { return std::generic_category().message(code); }

struct Descriptor {
  explicit Descriptor(const std::string& path, int flags) : fd(::open(path.c_str(), flags, 0666)) {}
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int fd;
};

void sync_folder_of(const std::string& path) {
  const auto folder = std::filesystem::path(path).parent_path();
  const Descriptor descriptor(folder.empty() ? "." : folder.string(), O_RDONLY | O_DIRECTORY);
  // Some file systems refuse to sync a folder; the rename is then as durable as it gets.
  if (descriptor.fd >= 0) ::fsync(descriptor.fd);
}

// The errno of what failed, or 0.
int extend(int fd, Index bytes) {
  struct ::stat status {};
  if (::fstat(fd, &status) != 0) return errno;
  const off_t size = std::max<off_t>(status.st_size, bytes);
  if (size > status.st_size && ::ftruncate(fd, size) != 0) return errno;
  // Not posix_fallocate, which writes to every block where the file system has no call for it.
  while (size > 0 && ::fallocate(fd, 0, 0, size) != 0) {
    if (errno == ENOSPC || errno == EDQUOT || errno == EFBIG) return errno;
    if (errno != EINTR) break;
  }
  return 0;
}

}  // namespace

bool exists(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

void remove_if_there(const std::string& path) {
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
}

void take_space(const std::string& path, Index bytes) {
  const Descriptor file(path, O_WRONLY | O_CREAT);
  if (file.fd < 0) {
    const int code = errno;
    const std::string what = fmt::format("{}: cannot be written: {}", path, reason(code));
    const int try_again[] = {ENOSPC, EDQUOT, EIO, ENFILE, EMFILE};
    if (std::find(std::begin(try_again), std::end(try_again), code) != std::end(try_again)) {
      throw IoError(what);
    }
    throw InputError(what);
  }
  if (const int code = extend(file.fd, bytes); code != 0) {
    remove_if_there(path);
    throw IoError(fmt::format("{}: no space for {}: {}", path, bytes_text(static_cast<Real>(bytes)),
                              reason(code)));
  }
}

void bring_to_storage(const std::string& path) {
  const Descriptor descriptor(path, O_WRONLY);
  if (descriptor.fd < 0 || ::fsync(descriptor.fd) != 0) {
    throw IoError(fmt::format("{}: cannot be brought to the storage: {}", path, reason(errno)));
  }
}

void rename_file(const std::string& from, const std::string& to) {
  if (std::rename(from.c_str(), to.c_str()) != 0) {
    throw IoError(fmt::format("{}: cannot be renamed to {}: {}", from, to, reason(errno)));
  }
  sync_folder_of(to);
}

}  // namespace starling::io
