// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"
#include "core/progress.hpp"
#include "core/stop.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace {

using namespace starling;

TEST(Stop, HearsSignals) {
  const StopRequest stop;
  EXPECT_FALSE(stop.requested());
  std::raise(SIGUSR1);
  EXPECT_EQ(stop.reason(), "signal USR1");
}

TEST(Stop, ANewRunHasNotBeenAskedYet) {
  {
    const StopRequest stop;
    std::raise(SIGTERM);
    EXPECT_EQ(stop.reason(), "signal TERM");
  }
  EXPECT_FALSE(StopRequest().requested());
}

// mpirun tells its ranks one after the other: the last may have ended with the others by then.
TEST(Stop, ALateSignalDoesNotKill) {
  { const StopRequest stop; }
  std::raise(SIGUSR1);
  std::raise(SIGTERM);
  EXPECT_FALSE(StopRequest().requested());
}

TEST(Stop, EndsWithTheWallTime) {
  EXPECT_FALSE(StopRequest(3600.0).requested());
  EXPECT_EQ(StopRequest(1e-9).reason(), "the wall-time limit");
}

TEST(Duration, ReadsWhatPeopleWrite) {
  EXPECT_EQ(parse_duration("90"), 90);
  EXPECT_EQ(parse_duration("90s"), 90);
  EXPECT_EQ(parse_duration("15m"), 900);
  EXPECT_EQ(parse_duration("2h"), 7200);
  EXPECT_EQ(parse_duration("1:30:00"), 5400);
  for (const char* bad : {"", "x", "-3", "1d", "1:x", "0"})
    EXPECT_THROW(parse_duration(bad), InputError) << bad;
}

TEST(Duration, IsWrittenForPeople) {
  EXPECT_EQ(duration_text(3.21), "3.2 s");
  EXPECT_EQ(duration_text(200), "3 min 20 s");
  EXPECT_EQ(duration_text(18420), "5 h 07 min");
  EXPECT_EQ(bytes_text(1536), "1.5 KiB");
  EXPECT_EQ(bytes_text(12), "12 B");
}

}  // namespace
