// What posix_spawn cannot do: a child that the kernel ends when the thread that started it ends. And
// what Glibc's module leaves out.
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

// glibc declares them for _GNU_SOURCE only.
extern int pipe2(int ends[2], int flags);
extern int memfd_create(const char *name, unsigned int flags);

// A file in memory that no other program inherits; -1 and `errno` if there is none.
static inline int sluice_memory_file(void) { return memfd_create("sluice", 1U /* MFD_CLOEXEC */); }

// Has malloc give buffers of `size` bytes and more pages of their own. With this set it would give
// back whatever more than 128 KiB is free at the end of its memory, only to ask for it again.
static inline void sluice_return_buffers(long size) {
#ifdef M_MMAP_THRESHOLD
  mallopt(M_MMAP_THRESHOLD, (int)size);
  mallopt(M_TRIM_THRESHOLD, (int)size * 2);
#else
  (void)size;
#endif
}

// A pipe that no other program inherits.
static inline int sluice_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

// Starts the program at `path` in the folder `directory`, in a process group of its own, with
// standard input from `input` and the two descriptors as its output and errors. Returns the
// process, or -1 and `errno`, also if the program cannot be executed.
static inline pid_t sluice_spawn(const char *path, char *const *arguments, char *const *environment,
                                 const char *directory, int input, int output, int errors) {
  int failure[2];
  if (sluice_pipe(failure) != 0) return -1;
  pid_t parent = getpid();
  // The calling thread waits until the program is there: no memory is copied.
  pid_t child = vfork();
  if (child == 0) {
    // Only system calls: the memory is the parent's, and other threads may hold any lock.
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(127);
    sigset_t none;
    sigemptyset(&none);
    signal(SIGPIPE, SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (dup2(input, 0) >= 0 && dup2(output, 1) >= 0 && dup2(errors, 2) >= 0 &&
        chdir(directory) == 0) {
      execve(path, arguments, environment);
    }
    int code = errno;
    ssize_t written = write(failure[1], &code, sizeof code);
    _exit(written == sizeof code ? 127 : 126);
  }
  int code = errno;
  close(failure[1]);
  if (child > 0) {
    ssize_t count;
    do count = read(failure[0], &code, sizeof code);
    while (count < 0 && errno == EINTR);
    if (count == 0) code = 0;
  }
  close(failure[0]);
  errno = code;
  return code == 0 ? child : -1;
}
