// Registrations that outlive the process, 64 waiting for the disk at once: the robot's rules and
// its state file, gRPC left out, against SQLite that is handed the same rows in the same commits.
#include <array>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "robot/robot.h"
#include "store/state_file.h"
#include "tests/bench/client/work.h"
#include "tests/bench/harness/benchmark.h"
#include "tests/bench/harness/compare.h"
#include "tests/bench/mock/bare_sqlite.h"
#include "tests/bench/mock/server_process.h"

namespace payload_manager::bench {
namespace {

constexpr std::size_t kWaiting = 64;

// What came to the disk.
struct Written {
  std::vector<std::size_t> batches;  // how many payloads each commit held
  std::optional<mock_robot::PayloadRecord> first;
};

// A store, watched. What it notes belongs to the writer thread, and to whoever knows it idle.
class Watched final : public mock_robot::Store {
 public:
  Watched(std::unique_ptr<mock_robot::Store> store, Written& written)
      : store_(std::move(store)), written_(written) {}

  Checked<Done> Write(const std::vector<const mock_robot::Changes*>& batch) override {
    if (!written_.first) written_.first = batch.front()->payloads.front().after;
    written_.batches.push_back(batch.size());
    return store_->Write(batch);
  }

 private:
  const std::unique_ptr<mock_robot::Store> store_;
  Written& written_;
};

class Ours {
 public:
  explicit Ours(const std::filesystem::path& file) : robot_(RoomForAll(), Open(file)) {
    *request_.mutable_payload() = MakePayloads(1).front();
    request_.mutable_header()->set_client_name("benchmark");
    request_.set_payload_secret(std::string(PayloadSecret().Reveal()));
  }

  // Registers so many new payloads; returns when all of them last.
  void Register(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      {
        std::unique_lock lock(mutex_);
        kept_.wait(lock, [this] { return waiting_ < kWaiting; });
        ++waiting_;
      }
      RegisterOne();
    }
    std::unique_lock lock(mutex_);
    kept_.wait(lock, [this] { return waiting_ == 0; });
    if (failed_) throw std::runtime_error("a registration was not kept");
  }
  // Since this was last called. While nothing is registered.
  std::vector<std::size_t> TakeBatches() {
    const std::lock_guard lock(mutex_);
    return std::exchange(written_.batches, {});
  }
  const mock_robot::PayloadRecord& first() const { return written_.first.value(); }

 private:
  // All rounds register new payloads with one robot, more than it takes unless told otherwise.
  static mock_robot::MockRobotOptions RoomForAll() {
    mock_robot::MockRobotOptions options;
    options.assumptions.most_payloads = 1'000'000;
    return options;
  }
  mock_robot::OpenedState Open(const std::filesystem::path& file) {
    auto opened = mock_robot::OpenStateFile(file);
    if (!opened) throw std::runtime_error(opened.error().message);
    opened->store = std::make_unique<Watched>(std::move(opened->store), written_);
    return *std::move(opened);
  }
  void RegisterOne() {
    std::array<char, 48> guid{};
    std::snprintf(guid.data(), guid.size(), "aaaaaaaa-0000-4000-8000-%012llu",
                  static_cast<unsigned long long>(++last_));
    request_.mutable_payload()->set_guid(guid.data());
    bosdyn::api::RegisterPayloadResponse response;
    const mock_robot::CallStatus status = robot_.Serve({}, request_, response);
    const bool is_new = response.status() == bosdyn::api::RegisterPayloadResponse::STATUS_OK;
    robot_.WhenKept(status.until_kept, [this, is_new](bool kept) {
      const std::lock_guard lock(mutex_);
      failed_ = failed_ || !kept || !is_new;
      --waiting_;
      kept_.notify_one();
    });
  }

  std::mutex mutex_;
  std::condition_variable kept_;
  std::size_t waiting_ = 0;
  bool failed_ = false;
  Written written_;
  bosdyn::api::RegisterPayloadRequest request_;
  std::uint64_t last_ = 0;
  mock_robot::Robot robot_;  // last: its writer uses what is above
};

template <typename Work>
double Rate(std::size_t count, Work work) {
  const auto before = std::chrono::steady_clock::now();
  work();
  const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - before;
  return static_cast<double>(count) / passed.count();
}

void Durable(const Settings& settings, Report& report) {
  const std::size_t count = settings.quick ? 100 : 1000;
  const int rounds = settings.quick ? 2 : 40;
  const Folder folder;
  Ours ours(folder.path() / "ours");
  ours.Register(count);
  BareSqlite bare(folder.path() / "bare", ours.first());
  BareSqlite again(folder.path() / "again", ours.first());
  std::vector<std::size_t> batches = ours.TakeBatches();
  bare.Write(batches);
  again.Write(batches);

  std::vector<double> rates[3];
  std::size_t commits = 0;
  const auto run_ours = [&] {
    rates[0].push_back(Rate(count, [&] { ours.Register(count); }));
    batches = ours.TakeBatches();
    commits += batches.size();
  };
  const auto run_bare = [&] { rates[1].push_back(Rate(count, [&] { bare.Write(batches); })); };
  const auto run_again = [&] { rates[2].push_back(Rate(count, [&] { again.Write(batches); })); };
  for (int round = 0; round < rounds; ++round) {
    // The bare arms repeat what the robot committed last, in this round or the one before.
    if (round % 2 == 0) {
      run_ours();
      run_bare();
      run_again();
    } else {
      run_again();
      run_bare();
      run_ours();
    }
  }
  if (bare.rows() != again.rows()) throw std::runtime_error("the bare arms differ");
  Figure figure = ToFigure(CompareRounds(rates[0], rates[1], rates[2]),
                           "mock/durable-registrations/rate", "payloads/s", RatioAtLeast(0.8));
  const double each = static_cast<double>(rounds) * static_cast<double>(count);
  char note[80];
  std::snprintf(note, sizeof note, "%.1f registrations in a commit on average",
                each / static_cast<double>(commits));
  figure.note = note;
  report.Add(figure);
}

const Benchmark kDurable("mock/durable-registrations",
                         "new payloads kept in a state file, 64 waiting at once", &Durable);

}  // namespace
}  // namespace payload_manager::bench
