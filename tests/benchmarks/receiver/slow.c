/* A slow disk: 3 ms more for each fsync, for whatever process it is loaded into by LD_PRELOAD. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>

static int later(const char *name, int file)
{
    struct timespec rest = {0, 3 * 1000 * 1000};
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    int found = real(file);
    nanosleep(&rest, 0);
    return found;
}

int fsync(int file) { return later("fsync", file); }
int fdatasync(int file) { return later("fdatasync", file); }
