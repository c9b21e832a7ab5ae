// SPDX-License-Identifier: BSD-3-Clause
// The main of every test program. A test runs on all ranks; it passes if it passes on all of them.
// Rank 0 prints as GoogleTest does, the others print only their failures, with their rank.

#include "support/mpi_test.hpp"

#include <Kokkos_Core.hpp>
#include <gtest/gtest.h>
#include <mpi.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

namespace {

// Makes the ranks agree on the verdict of each test.
class RankVerdict : public testing::EmptyTestEventListener {
 public:
  RankVerdict() {
    // Its own communicator, so that a rank stuck in a collective of the test is not matched here.
    MPI_Comm_dup(starling::test_support::world(), &comm_);
    MPI_Comm_rank(comm_, &rank_);
    if (const char* seconds = std::getenv("STARLING_TEST_GRACE")) {
      grace_ = std::chrono::seconds(std::atoi(seconds));
    }
  }
  RankVerdict(const RankVerdict&) = delete;
  RankVerdict& operator=(const RankVerdict&) = delete;
  ~RankVerdict() override { MPI_Comm_free(&comm_); }

  void OnTestPartResult(const testing::TestPartResult& result) override {
    if (result.failed() && rank_ != 0 && !agreeing_) {
      std::fprintf(stderr, "[rank %d] %s:%d: Failure\n%s\n", rank_,
                   result.file_name() != nullptr ? result.file_name() : "?", result.line_number(),
                   result.message());
    }
  }

  void OnTestEnd(const testing::TestInfo& info) override {
    const int here = info.result()->Failed() ? rank_ : -1;
    int failed = here;
    MPI_Request request = MPI_REQUEST_NULL;
    MPI_Iallreduce(&here, &failed, 1, MPI_INT, MPI_MAX, comm_, &request);
    wait(request, info, here >= 0);
    if (failed >= 0 && here < 0) {
      agreeing_ = true;
      ADD_FAILURE() << "failed on rank " << failed << " (the highest that did)";
      agreeing_ = false;
    }
  }

 private:
  // A rank that failed may have left the others inside a collective it will never join. It gives
  // them some time, then takes them down; a rank that did not fail waits as long as ctest lets it.
  void wait(MPI_Request& request, const testing::TestInfo& info, bool failed_here) const {
    const auto start = std::chrono::steady_clock::now();
    for (int done = 0;;) {
      MPI_Test(&request, &done, MPI_STATUS_IGNORE);
      if (done != 0) {
        return;
      }
      if (failed_here && std::chrono::steady_clock::now() - start > grace_) {
        std::fprintf(stderr, "[rank %d] %s.%s failed here and other ranks are stuck in it\n", rank_,
                     info.test_suite_name(), info.name());
        MPI_Abort(comm_, EXIT_FAILURE);
      }
      std::this_thread::sleep_for(std::chrono::microseconds(50));
    }
  }

  MPI_Comm comm_ = MPI_COMM_NULL;
  int rank_ = 0;
  bool agreeing_ = false;  // the failure being reported is another rank's
  std::chrono::seconds grace_{30};
};

int run(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  // Shuffled tests must come in the same order everywhere.
  int seed = testing::GTEST_FLAG(random_seed);
  if (seed == 0) {
    seed =
        1 + static_cast<int>(std::chrono::system_clock::now().time_since_epoch().count() % 99999);
  }
  MPI_Bcast(&seed, 1, MPI_INT, 0, starling::test_support::world());
  testing::GTEST_FLAG(random_seed) = seed;

  auto& listeners = testing::UnitTest::GetInstance()->listeners();
  if (starling::test_support::world_rank() != 0) {
    delete listeners.Release(listeners.default_result_printer());
    delete listeners.Release(listeners.default_xml_generator());
  }
  // Appended last, so that ...End events reach it before the printer. Taken back before MPI ends.
  RankVerdict verdict;
  listeners.Append(&verdict);
  int code = RUN_ALL_TESTS();
  listeners.Release(&verdict);
  MPI_Allreduce(MPI_IN_PLACE, &code, 1, MPI_INT, MPI_MAX, starling::test_support::world());
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  Kokkos::initialize(argc, argv);
  const int code = run(argc, argv);
  Kokkos::finalize();
  MPI_Finalize();
  return code;
}
