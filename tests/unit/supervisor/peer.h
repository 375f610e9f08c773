#pragma once

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace pid1::test {

// What a peer does with a connection after it has written its answer.
enum class Then { close, stay };

// A server in the test's own loop. It reads what looks like a request's header, writes the bytes it
// was given, and then closes or stays.
template <typename Protocol>
class Peer {
 public:
  Peer(boost::asio::io_context& loop, const typename Protocol::endpoint& where, std::string answer,
       Then then)
      : acceptor_(loop, where), answer_(std::move(answer)), then_(then) {
    accept();
  }

  typename Protocol::endpoint endpoint() const { return acceptor_.local_endpoint(); }
  // Each that has come whole.
  const std::vector<std::string>& requests() const { return requests_; }
  // Connections that the other side has closed.
  int abandoned() const { return abandoned_; }

 private:
  struct Connection {
    explicit Connection(typename Protocol::socket accepted) : socket(std::move(accepted)) {}
    typename Protocol::socket socket;
    std::string request;
    char bytes[1024];
  };

  void accept() {
    acceptor_.async_accept(
        [this](const boost::system::error_code& error, typename Protocol::socket socket) {
          if (error) return;
          read(std::make_shared<Connection>(std::move(socket)));
          accept();
        });
  }

  void read(const std::shared_ptr<Connection>& connection) {
    connection->socket.async_read_some(
        boost::asio::buffer(connection->bytes),
        [this, connection](const boost::system::error_code& error, std::size_t count) {
          if (error) {
            ++abandoned_;
            return;
          }
          connection->request.append(connection->bytes, count);
          if (connection->request.ends_with("\r\n\r\n")) {
            requests_.push_back(std::exchange(connection->request, ""));
            write(connection);
          }
          read(connection);
        });
  }

  void write(const std::shared_ptr<Connection>& connection) {
    boost::asio::async_write(connection->socket, boost::asio::buffer(answer_),
                             [this, connection](const boost::system::error_code&, std::size_t) {
                               boost::system::error_code ignored;
                               if (then_ == Then::close) connection->socket.close(ignored);
                             });
  }

  typename Protocol::acceptor acceptor_;
  std::string answer_;
  Then then_;
  std::vector<std::string> requests_;
  int abandoned_ = 0;
};

using TcpPeer = Peer<boost::asio::ip::tcp>;
using UnixPeer = Peer<boost::asio::local::stream_protocol>;

inline boost::asio::ip::tcp::endpoint any_port(const std::string& address) {
  return {boost::asio::ip::make_address(address), 0};
}

// A port that nobody listens on, as long as this object holds it.
class ClosedPort {
 public:
  explicit ClosedPort(boost::asio::io_context& loop, const std::string& address = "127.0.0.1")
      : socket_(loop, any_port(address)) {}
  std::uint16_t number() const { return socket_.local_endpoint().port(); }

 private:
  boost::asio::ip::tcp::socket socket_;
};

}  // namespace pid1::test
