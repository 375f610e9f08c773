#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "config/diagnostic.h"
#include "config/document.h"
#include "config/expansion.h"
#include "config/node.h"

namespace pid1::config {

// Brings services to their final form: variables filled in, what they extend merged below.
class Resolver {
 public:
  Resolver(Documents& documents, Expansion& expansion, Diagnostics& diagnostics)
      : documents_(documents), expansion_(expansion), diagnostics_(diagnostics) {}

  // In place, once; what it extends is resolved first. Whether that worked; if not, errors were
  // reported and the service lacks what it would have taken over.
  bool resolve(Document& document, Node::Entry& service);

 private:
  struct Base {
    Document* document;
    Node::Entry* service;
  };

  bool take_over(const Base& base, Node::Entry& service);
  bool extend(Document& document, Node::Entry& service, const Node& extends);
  bool find_base(Document& document, const Node& extends, Base& base);
  void report_cycle(const Base& base, const Mark& mark);

  Documents& documents_;
  Expansion& expansion_;
  Diagnostics& diagnostics_;
  std::vector<Base> chain_;  // what is being resolved, each extending the next
  std::size_t copied_ = 0;   // values, from bases
};

}  // namespace pid1::config
