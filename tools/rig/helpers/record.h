/* The event record: 32 bytes, appended with one write(2) each to a file on
 * tmpfs (O_APPEND makes that atomic), so that any number of processes in any
 * namespace can report without knowing of each other. Little endian. */
#pragma once

struct record {
  unsigned long long ts; /* CLOCK_MONOTONIC, ns */
  unsigned int kind;
  unsigned int id;  /* service */
  unsigned int pid; /* as the writer sees itself */
  unsigned int a;
  unsigned long long b;
};

enum {
  EV_EXEC = 'E',  /* nsexec: about to execve the supervisor; b = CPU ns used so far */
  EV_PID = 'P',   /* nsexec: a = the supervisor's pid outside */
  EV_EXIT = 'X',  /* nsexec: supervisor gone; a = wait status */
  EV_START = 'S', /* service: first instruction */
  EV_TERM = 'T',  /* service: SIGTERM or SIGINT arrived (a) */
  EV_USR1 = 'U',  /* service: SIGUSR1 arrived */
  EV_KILL = 'K',  /* sigping: about to kill */
  EV_BEGIN = 'A', /* storm, logw: work begins */
  EV_END = 'B',   /* storm, logw: work done; a = failures, b = amount */
};
