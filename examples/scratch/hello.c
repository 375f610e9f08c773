// An HTTP server that says hello, and how often it did: what a static program of one's own stands
// for.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static void end(int signo) {
  (void)signo;
  _exit(0);
}

static int listen_on(int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (fd < 0 || bind(fd, (struct sockaddr*)&address, sizeof address) != 0 || listen(fd, 64) != 0) {
    perror("hello: cannot listen");
    exit(1);
  }
  return fd;
}

int main(void) {
  const char* port = getenv("PORT");
  const int listener = listen_on(port ? atoi(port) : 8080);
  signal(SIGTERM, end);
  signal(SIGPIPE, SIG_IGN);
  puts("hello: listening");
  fflush(stdout);
  for (unsigned long visitors = 1;; ++visitors) {
    const int client = accept(listener, NULL, NULL);
    char request[4096];
    if (client < 0 || read(client, request, sizeof request) <= 0) {
      close(client);
      continue;
    }
    dprintf(client, "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nHello, visitor %lu.\n",
            visitors);
    close(client);
  }
}
