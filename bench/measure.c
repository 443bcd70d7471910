// Runs a command and prints what it took: wall, user and system time in microseconds, peak memory in KiB, exit code.
//   measure OUTPUT-FILE COMMAND...
// A small program for it, since a child's peak memory counts from what its parent had at the fork (getrusage(2)).
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long microseconds(struct timeval time) { return time.tv_sec * 1000000LL + time.tv_usec; }

int main(int count, char **words)
{
    if (count < 3)
        return 64;
    int output = open(words[1], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (output < 0)
        return perror(words[1]), 74;
    struct timespec before, after;
    clock_gettime(CLOCK_MONOTONIC, &before);
    pid_t child = fork();
    if (child == 0)
    {
        dup2(output, 1);
        execvp(words[2], words + 2);
        perror(words[2]);
        _exit(127);
    }

    int status;
    struct rusage used;
    if (child < 0 || wait4(child, &status, 0, &used) < 0)
        return perror("measure"), 71;
    clock_gettime(CLOCK_MONOTONIC, &after);
    printf("%lld %lld %lld %ld %d\n",
           (after.tv_sec - before.tv_sec) * 1000000LL + (after.tv_nsec - before.tv_nsec) / 1000,
           microseconds(used.ru_utime), microseconds(used.ru_stime), used.ru_maxrss,
           WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    return 0;
}
