#include "supervisor/http_probe.h"

#include <algorithm>
#include <array>
#include <boost/algorithm/string/predicate.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "supervisor/system/text.h"

namespace pid1::supervisor {
namespace {

namespace http = boost::beast::http;
using boost::system::error_code;

constexpr std::size_t kMaxHeader = 16 << 10;
constexpr int kMaxInterimAnswers = 8;
constexpr int kSwitchingProtocols = 101;

// Keeps of an answer what a probe tells: nothing of the header but the status.
class AnswerParser final : public http::basic_parser<false> {
 public:
  AnswerParser() {
    header_limit(kMaxHeader);
    body_limit(boost::none);
    eager(true);
  }

  int status() const { return status_; }
  std::string& text() { return text_; }
  bool is_full() const { return text_.size() >= kMaxProbeOutput; }
  // 1xx announce that the answer is still to come (RFC 9110, section 15.2).
  bool is_interim() const { return status_ / 100 == 1 && status_ != kSwitchingProtocols; }

 private:
  using View = boost::beast::string_view;

  void on_response_impl(int code, View reason, int version, error_code& error) override {
    error = {};
    status_ = code;
    text_ = version == 10 ? "HTTP/1.0 " : "HTTP/1.1 ";
    text_ += std::to_string(code);
    if (!reason.empty()) text_.append(" ").append(reason.data(), reason.size());
    text_ += '\n';
  }
  void keep(View body) {
    const std::size_t room = kMaxProbeOutput - std::min(kMaxProbeOutput, text_.size());
    text_.append(body.data(), std::min(body.size(), room));
  }
  std::size_t on_body_impl(View body, error_code& error) override {
    error = {};
    keep(body);
    return body.size();
  }
  std::size_t on_chunk_body_impl(std::uint64_t, View body, error_code& error) override {
    error = {};
    keep(body);
    return body.size();
  }
  void on_request_impl(http::verb, View, View, int, error_code& error) override { error = {}; }
  void on_field_impl(http::field, View, View, error_code& error) override { error = {}; }
  void on_header_impl(error_code& error) override { error = {}; }
  void on_body_init_impl(boost::optional<std::uint64_t> const&, error_code& error) override {
    error = {};
  }
  void on_chunk_header_impl(std::uint64_t, View, error_code& error) override { error = {}; }
  void on_finish_impl(error_code& error) override { error = {}; }

  int status_ = 0;
  std::string text_;
};

class HttpRun final : public ProbeRun {
 public:
  HttpRun(boost::asio::io_context& loop, std::string request, ProbeTargets targets, ProbeDone done)
      : ProbeRun(loop, std::move(targets), std::move(done)), request_(std::move(request)) {}

 private:
  std::shared_ptr<HttpRun> self() { return std::static_pointer_cast<HttpRun>(shared_from_this()); }

  void connected() override {
    boost::asio::async_write(socket(), boost::asio::buffer(request_),
                             [self = self()](const error_code& error, std::size_t) {
                               if (self->is_over()) return;
                               // A peer that refuses may have answered before it had read all.
                               if (error) self->unsent_ = error;
                               self->read();
                             });
  }

  void read() {
    socket().async_read_some(boost::asio::buffer(bytes_.data() + size_, bytes_.size() - size_),
                             [self = self()](const error_code& error, std::size_t count) {
                               if (self->is_over()) return;
                               if (error) return self->end(error);
                               self->size_ += count;
                               self->parse();
                             });
  }

  void parse() {
    error_code error;
    while (!parser_->is_done() && !parser_->is_full() && size_ > 0 && !error) {
      const std::size_t taken = parser_->put(boost::asio::buffer(bytes_.data(), size_), error);
      std::copy(bytes_.data() + taken, bytes_.data() + size_, bytes_.data());
      size_ -= taken;
      const bool is_interim = parser_->is_done() && parser_->is_interim();
      if (is_interim && interim_answers_++ < kMaxInterimAnswers) parser_.emplace();
    }
    if (parser_->is_done() || parser_->is_full()) return tell_status();
    if (error && error != http::error::need_more) return fail(error.message());
    // The extensions of a chunk have no other limit.
    if (size_ == bytes_.size()) return fail("a line of it is too long");
    read();
  }

  // The peer has closed, or worse.
  void end(const error_code& error) {
    if (error != boost::asio::error::eof) return fail(system::error_text(error.value()));
    error_code incomplete = http::error::end_of_stream;
    if (parser_->got_some()) parser_->put_eof(incomplete);
    if (!incomplete) return tell_status();
    if (unsent_) return fail(system::error_text(unsent_.value()));
    fail("it closed the connection before its answer was complete");
  }

  void tell_status() {
    const bool is_success = parser_->status() >= 200 && parser_->status() < 400;
    finish(is_success ? ProbeVerdict::success : ProbeVerdict::failure, std::move(parser_->text()));
  }

  void fail(const std::string& why) {
    finish(ProbeVerdict::failure, "cannot read an HTTP answer from " + peer() + ": " + why);
  }

  std::string request_;
  error_code unsent_;
  // All of a header has to fit, for the parser takes it in one piece.
  std::array<char, kMaxHeader + 1024> bytes_;
  std::size_t size_ = 0;
  std::optional<AnswerParser> parser_{std::in_place};
  int interim_answers_ = 0;
};

std::string host_header(const HttpProbe& probe) {
  if (probe.host.empty()) return "localhost";
  const bool is_ipv6 = probe.host.find(':') != std::string::npos;
  // A zone means something on this machine only (RFC 6874, section 4).
  const std::string host = probe.host.substr(0, probe.host.find('%'));
  const std::string port = probe.port == 80 ? "" : ":" + std::to_string(probe.port);
  return (is_ipv6 ? "[" + host + "]" : host) + port;
}

}  // namespace

std::string http_request(const HttpProbe& probe) {
  std::vector<std::pair<std::string, std::string>> headers = {{"Host", host_header(probe)},
                                                              {"User-Agent", "pid1"},
                                                              {"Accept", "*/*"},
                                                              {"Connection", "close"}};
  std::erase_if(headers, [&](const auto& ours) {
    return std::ranges::any_of(probe.headers, [&](const auto& theirs) {
      return boost::algorithm::iequals(ours.first, theirs.first);
    });
  });
  headers.insert(headers.end(), probe.headers.begin(), probe.headers.end());
  std::string request = "GET " + probe.target + " HTTP/1.1\r\n";
  for (const auto& [name, value] : headers) {
    request.append(name).append(": ").append(value).append("\r\n");
  }
  return request + "\r\n";
}

std::shared_ptr<ProbeRun> make_http_run(boost::asio::io_context& loop, const HttpProbe& probe,
                                        ProbeTargets targets, ProbeDone done) {
  return std::make_shared<HttpRun>(loop, http_request(probe), std::move(targets), std::move(done));
}

}  // namespace pid1::supervisor
