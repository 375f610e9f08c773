#pragma once

#include "supervisor/output/format.h"
#include "supervisor/output/loop.h"
#include "supervisor/output/sink.h"
#include "supervisor/system/writer.h"

namespace pid1::output {

// pid1's own stdout or stderr, whatever it is. Its reader may be slow, which makes it congested;
// may have gone, which loses lines until one is back; or may be a file on a full disk, where it
// stalls.
class ConsoleSink final : public Sink, private system::Pollee {
 public:
  // `fd` stays open while this lives.
  ConsoleSink(Loop& loop, int fd, std::size_t limit, LossNote note);
  ~ConsoleSink() override;
  ConsoleSink(const ConsoleSink&) = delete;
  ConsoleSink& operator=(const ConsoleSink&) = delete;

  Reader reader() const { return writer_.is_terminal() ? Reader::terminal : Reader::program; }

 protected:
  std::ptrdiff_t put(std::span<const std::string_view> pieces) override;
  State judge(int error) override;
  void await(State state) override;

 private:
  void ready() override { flush(); }
  bool watch(system::Interest interest);

  Loop& loop_;
  const system::Writer writer_;
  system::Interest interest_ = system::Interest::nothing;
  std::unique_ptr<Alarm> alarm_;
  Backoff backoff_;
};

}  // namespace pid1::output
