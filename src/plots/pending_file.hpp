// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <string_view>

namespace starling::plots {

/// A file that appears under its name only when it is whole: written beside it under a name of its
/// own, then renamed. Uncommitted, it leaves nothing behind. Everything throws IoError naming
/// `file`.
class PendingFile {
 public:
  explicit PendingFile(std::string file);
  PendingFile(const PendingFile&) = delete;
  PendingFile& operator=(const PendingFile&) = delete;
  ~PendingFile();

  void write(std::string_view bytes);
  /// What has been written so far, by whomever.
  std::string contents() const;
  void commit();

  /// For a child process to write to.
  int descriptor() const { return descriptor_; }

 private:
  [[noreturn]] void fail(const std::string& what) const;

  std::string file_, temporary_;
  int descriptor_ = -1;
};

}  // namespace starling::plots
