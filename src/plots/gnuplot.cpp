// SPDX-License-Identifier: BSD-3-Clause
#include "plots/gnuplot.hpp"

#include "core/error.hpp"
#include "core/log.hpp"
#include "plots/pending_file.hpp"
#include "plots/png.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <sstream>
#include <system_error>

extern char** environ;  // NOLINT(readability-redundant-declaration): POSIX declares it nowhere

namespace starling::plots {
namespace {

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using Messages = std::unique_ptr<std::FILE, Close>;

std::string text_of(std::FILE* file) {
  std::string out;
  std::array<char, 4096> buffer{};
  std::rewind(file);
  while (const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), file)) {
    out.append(buffer.data(), count);
  }
  return out;
}

// The first line that says something: gnuplot repeats the command and points at it with a caret.
std::string reason(const std::string& messages) {
  std::istringstream lines(messages);
  std::string line, last = "it says nothing";
  while (std::getline(lines, line)) {
    if (line.find_first_not_of(" \t^") != std::string::npos) last = line;
  }
  return last.substr(last.find_first_not_of(" \t"));
}

// A socket, not a pipe: when gnuplot ends early, send() gives an error where write() would kill us.
class Child {
 public:
  Child(const std::string& program, int output, int messages) {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
      fail("no pipe to gnuplot", errno);
    }
    input_ = ends[0];
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, messages, STDERR_FILENO);
    std::string name = program, defaults = "--default-settings";
    const std::array<char*, 3> arguments{name.data(), defaults.data(), nullptr};
    const int code =
        ::posix_spawnp(&process_, name.c_str(), &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    if (code != 0) {
      ::close(input_);
      fail(program + " cannot be started", code);
    }
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() { wait(); }

  /// False if the child has stopped listening.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::send(input_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }

  /// Closes its input and gives its exit status, -1 if a signal ended it.
  int wait() {
    if (input_ < 0) return status_;
    ::close(input_);
    input_ = -1;
    int status = 0;
    while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
    }
    status_ = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return status_;
  }

 private:
  [[noreturn]] static void fail(const std::string& what, int code) {
    throw IoError(what + ": " + std::error_code(code, std::generic_category()).message());
  }

  pid_t process_ = -1;
  int input_ = -1, status_ = -1;
};

}  // namespace

bool has_gnuplot(const std::string& program) {
  if (program.find('/') != std::string::npos) return ::access(program.c_str(), X_OK) == 0;
  const char* path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "" : path);
  std::string folder;
  while (std::getline(folders, folder, ':')) {
    const auto file = std::filesystem::path(folder.empty() ? "." : folder) / program;
    if (::access(file.c_str(), X_OK) == 0) return true;
  }
  return false;
}

void run_gnuplot(const std::string& file, std::string_view script, const std::string& program) {
  require(has_gnuplot(program),
          "{}: {} is not installed and draws this picture (Debian: apt install gnuplot-nox)", file,
          program);
  PendingFile picture(file);
  const Messages messages(std::tmpfile());
  if (!messages) throw IoError(file + ": no temporary file for the messages of gnuplot");
  Child child(program, picture.descriptor(), ::fileno(messages.get()));
  const bool listened = child.send(script);
  const int status = child.wait();
  const std::string said = text_of(messages.get());
  if (!listened || status != 0 || !is_whole_png(picture.contents())) {
    throw IoError(fmt::format("{}: gnuplot failed: {}", file, reason(said)));
  }
  if (!said.empty()) log::debug("{}: gnuplot says: {}", file, reason(said));
  picture.commit();
}

}  // namespace starling::plots
