/*
 * Remembers what a process has written to files and not yet synced, so that a test can take it back after a kill, as a power
 * cut would. (After kill -9 alone, the page cache still holds every write, synced or not.)
 *
 * Loaded into the process with LD_PRELOAD. Before each change of a regular file below UNSYNCED_ROOT, it appends to the journal
 * UNSYNCED_JOURNAL how long the file was and which bytes the change replaces; after each fsync and fdatasync, up to which entry
 * the file is durable. The journal's own pages survive the kill. Undoing a file's entries that no sync covers, newest first,
 * yields what it held at its last sync. The reader is UnsyncedJournal.java.
 *
 * What it leaves out: directory operations (create, rename, delete) count as durable at once; sync_file_range counts for nothing,
 * as it promises nothing; a write through O_DSYNC counts as unsynced; writes by stdio stay inside libc and are not seen (RocksDB
 * writes only its LOG that way). A change that it sees and cannot undo (a shared writable mapping, sendfile, copy_file_range) is
 * journalled as blind, and the reader refuses the run.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/falloc.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define PUBLIC __attribute__((visibility("default")))

enum { CHANGED = 1, SYNCED = 2, BLIND = 3 };

/* Little-endian on the machines this runs on; the reader reads it so. */
struct entry {
    uint64_t kind;
    uint64_t inode;
    int64_t born; /* nanoseconds since 1970: an inode's number is used again, with another birth */
    uint64_t number;
    uint64_t size;   /* CHANGED: the file's before; SYNCED: the last entry that is durable */
    uint64_t offset; /* of the replaced bytes, which follow the entry */
    uint64_t length;
};

struct file {
    uint64_t inode;
    int64_t born;
    uint64_t size;
    int ours; /* 0 not known yet, 1 yes, -1 no */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char root[PATH_MAX];
static size_t root_length;
static int journal = -1;
static uint64_t number;

#define SLOTS (1 << 16)
static struct file known[SLOTS];

static void die(const char *why) {
    syscall(SYS_write, 2, "unsynced: ", 10);
    syscall(SYS_write, 2, why, strlen(why));
    syscall(SYS_write, 2, "\n", 1);
    abort();
}

__attribute__((constructor)) static void start(void) {
    const char *where = getenv("UNSYNCED_ROOT");
    const char *to = getenv("UNSYNCED_JOURNAL");
    if (where == NULL || to == NULL) {
        return;
    }
    if (realpath(where, root) == NULL) {
        die("UNSYNCED_ROOT is no directory");
    }
    root_length = strlen(root);
    journal = syscall(SYS_openat, AT_FDCWD, to, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (journal < 0) {
        die("UNSYNCED_JOURNAL cannot be opened");
    }
}

static void append(const struct entry *entry, void *bytes) {
    struct iovec parts[2] = {{(void *)entry, sizeof *entry}, {bytes, entry->length}};
    ssize_t all = sizeof *entry + entry->length;
    if (syscall(SYS_writev, journal, parts, bytes == NULL ? 1 : 2) != all) {
        die("the journal cannot be written");
    }
}

/* Writes the name by which this process reaches fd's file; 64 bytes suffice. */
static void link_of(int fd, char *link) {
    char digits[16];
    int n = 0;
    do {
        digits[n++] = '0' + fd % 10;
        fd /= 10;
    } while (fd > 0);
    memcpy(link, "/proc/self/fd/", 14);
    for (int i = 0; i < n; i++) {
        link[14 + i] = digits[n - 1 - i];
    }
    link[14 + n] = 0;
}

static int below_root(int fd) {
    char link[64], path[PATH_MAX];
    link_of(fd, link);
    ssize_t length = syscall(SYS_readlink, link, path, sizeof path);
    return length > (ssize_t)root_length && memcmp(path, root, root_length) == 0 && path[root_length] == '/';
}

/* What fd is; 0 when it is nothing of ours. Takes no lock: a slot is only ever filled with the same answer again. */
static int identify(int fd, struct file *file) {
    struct statx stat;
    if (journal < 0 || fd == journal
        || syscall(SYS_statx, fd, "", AT_EMPTY_PATH, STATX_TYPE | STATX_INO | STATX_SIZE | STATX_BTIME, &stat) != 0
        || !S_ISREG(stat.stx_mode)) {
        return 0;
    }
    if (!(stat.stx_mask & STATX_BTIME)) {
        die("the file system keeps no time of birth");
    }
    file->inode = stat.stx_ino;
    file->born = stat.stx_btime.tv_sec * 1000000000LL + stat.stx_btime.tv_nsec;
    file->size = stat.stx_size;
    return 1;
}

/* With the lock held. */
static int ours(int fd, const struct file *file) {
    struct file *slot = &known[(file->inode * 0x9e3779b97f4a7c15ULL ^ (uint64_t)file->born) >> 48 & (SLOTS - 1)];
    if (slot->ours == 0 || slot->inode != file->inode || slot->born != file->born) {
        *slot = *file;
        slot->ours = below_root(fd) ? 1 : -1;
    }
    return slot->ours > 0;
}

/* Journals the bytes from offset on, up to length of them, before they change. With the lock held. */
static void keep(int fd, const struct file *file, uint64_t offset, uint64_t length) {
    uint64_t present = offset < file->size ? file->size - offset : 0;
    uint64_t replaced = length < present ? length : present;
    struct entry entry = {CHANGED, file->inode, file->born, ++number, file->size, offset, replaced};
    char *bytes = NULL;
    if (replaced > 0) {
        bytes = malloc(replaced);
        /* fd itself may be open for writing only. */
        char link[64];
        link_of(fd, link);
        int own = syscall(SYS_openat, AT_FDCWD, link, O_RDONLY | O_CLOEXEC, 0);
        if (bytes == NULL || own < 0 || syscall(SYS_pread64, own, bytes, replaced, offset) != (ssize_t)replaced) {
            die("the bytes to be replaced cannot be read");
        }
        syscall(SYS_close, own);
    }
    append(&entry, bytes);
    free(bytes);
}

/*
 * Begins a change of length bytes at offset; HERE means where fd stands. When it returns 1 the lock is held until end().
 */
#define HERE (-1)
static int begin(int fd, int64_t offset, uint64_t length) {
    int error = errno;
    struct file file;
    if (!identify(fd, &file)) {
        errno = error;
        return 0;
    }
    pthread_mutex_lock(&lock);
    /* The size may have changed while waiting for the lock. */
    if (!ours(fd, &file) || !identify(fd, &file)) {
        pthread_mutex_unlock(&lock);
        errno = error;
        return 0;
    }
    if (offset == HERE) {
        int flags = fcntl(fd, F_GETFL);
        offset = flags & O_APPEND ? (int64_t)file.size : (int64_t)syscall(SYS_lseek, fd, 0, SEEK_CUR);
    }
    keep(fd, &file, offset, length);
    errno = error;
    return 1;
}

static void end(int begun) {
    if (begun) {
        pthread_mutex_unlock(&lock);
    }
}

static void blind(int fd) {
    int error = errno;
    struct file file;
    if (identify(fd, &file)) {
        pthread_mutex_lock(&lock);
        if (ours(fd, &file)) {
            struct entry entry = {BLIND, file.inode, file.born, ++number, file.size, 0, 0};
            append(&entry, NULL);
        }
        pthread_mutex_unlock(&lock);
    }
    errno = error;
}

static uint64_t total(const struct iovec *parts, int count) {
    uint64_t sum = 0;
    for (int i = 0; i < count; i++) {
        sum += parts[i].iov_len;
    }
    return sum;
}

PUBLIC ssize_t write(int fd, const void *bytes, size_t length) {
    int begun = begin(fd, HERE, length);
    ssize_t done = syscall(SYS_write, fd, bytes, length);
    end(begun);
    return done;
}

PUBLIC ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) {
    int begun = begin(fd, offset, length);
    ssize_t done = syscall(SYS_pwrite64, fd, bytes, length, offset);
    end(begun);
    return done;
}

PUBLIC ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) {
    return pwrite64(fd, bytes, length, offset);
}

PUBLIC ssize_t writev(int fd, const struct iovec *parts, int count) {
    int begun = begin(fd, HERE, total(parts, count));
    ssize_t done = syscall(SYS_writev, fd, parts, count);
    end(begun);
    return done;
}

PUBLIC ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t offset) {
    int begun = begin(fd, offset, total(parts, count));
    ssize_t done = syscall(SYS_pwritev, fd, parts, count, offset, 0);
    end(begun);
    return done;
}

PUBLIC ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) {
    return pwritev64(fd, parts, count, offset);
}

PUBLIC int ftruncate64(int fd, off64_t length) {
    int begun = begin(fd, length, UINT64_MAX);
    int done = syscall(SYS_ftruncate, fd, length);
    end(begun);
    return done;
}

PUBLIC int ftruncate(int fd, off_t length) {
    return ftruncate64(fd, length);
}

PUBLIC int fallocate64(int fd, int mode, off64_t offset, off64_t length) {
    if (mode & (FALLOC_FL_COLLAPSE_RANGE | FALLOC_FL_INSERT_RANGE)) {
        blind(fd);
    }
    int begun = begin(fd, offset, length);
    int done = syscall(SYS_fallocate, fd, mode, offset, length);
    end(begun);
    return done;
}

PUBLIC int fallocate(int fd, int mode, off_t offset, off_t length) {
    return fallocate64(fd, mode, offset, length);
}

PUBLIC int posix_fallocate64(int fd, off64_t offset, off64_t length) {
    int error = errno;
    int done = fallocate64(fd, 0, offset, length) == 0 ? 0 : errno;
    errno = error;
    return done;
}

PUBLIC int posix_fallocate(int fd, off_t offset, off_t length) {
    return posix_fallocate64(fd, offset, length);
}

static int sync_by(long call, int fd) {
    struct file file;
    int error = errno;
    int tracked = identify(fd, &file);
    uint64_t durable = 0;
    if (tracked) {
        pthread_mutex_lock(&lock);
        tracked = ours(fd, &file);
        durable = number;
        pthread_mutex_unlock(&lock);
    }
    errno = error;
    int done = syscall(call, fd);
    if (tracked && done == 0) {
        pthread_mutex_lock(&lock);
        struct entry entry = {SYNCED, file.inode, file.born, ++number, durable, 0, 0};
        append(&entry, NULL);
        pthread_mutex_unlock(&lock);
    }
    return done;
}

PUBLIC int fsync(int fd) {
    return sync_by(SYS_fsync, fd);
}

PUBLIC int fdatasync(int fd) {
    return sync_by(SYS_fdatasync, fd);
}

/* Truncates after opening, not while: the bytes that go have to be journalled first. */
static int open_at(int directory, const char *path, int flags, mode_t mode) {
    if (journal < 0 || !(flags & O_TRUNC) || (flags & O_ACCMODE) == O_RDONLY) {
        return syscall(SYS_openat, directory, path, flags, mode);
    }
    int fd = syscall(SYS_openat, directory, path, flags & ~O_TRUNC, mode);
    if (fd >= 0 && ftruncate64(fd, 0) != 0 && errno != EINVAL) {
        int error = errno;
        syscall(SYS_close, fd);
        errno = error;
        return -1;
    }
    return fd;
}

#define MODE(flags)                                  \
    mode_t mode = 0;                                 \
    if ((flags) & (O_CREAT | __O_TMPFILE)) {         \
        va_list rest;                                \
        va_start(rest, flags);                       \
        mode = va_arg(rest, mode_t);                 \
        va_end(rest);                                \
    }

PUBLIC int open64(const char *path, int flags, ...) {
    MODE(flags)
    return open_at(AT_FDCWD, path, flags, mode);
}

PUBLIC int open(const char *path, int flags, ...) {
    MODE(flags)
    return open_at(AT_FDCWD, path, flags, mode);
}

PUBLIC int openat64(int directory, const char *path, int flags, ...) {
    MODE(flags)
    return open_at(directory, path, flags, mode);
}

PUBLIC int openat(int directory, const char *path, int flags, ...) {
    MODE(flags)
    return open_at(directory, path, flags, mode);
}

PUBLIC int creat(const char *path, mode_t mode) {
    return open_at(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

PUBLIC void *mmap64(void *address, size_t length, int protection, int flags, int fd, off64_t offset) {
    if (fd >= 0 && (flags & MAP_SHARED) && (protection & PROT_WRITE)) {
        blind(fd);
    }
    return (void *)syscall(SYS_mmap, address, length, protection, flags, fd, offset);
}

PUBLIC void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset) {
    return mmap64(address, length, protection, flags, fd, offset);
}

PUBLIC ssize_t sendfile64(int to, int from, off64_t *offset, size_t count) {
    blind(to);
    return syscall(SYS_sendfile, to, from, offset, count);
}

PUBLIC ssize_t sendfile(int to, int from, off_t *offset, size_t count) {
    return sendfile64(to, from, offset, count);
}

PUBLIC ssize_t copy_file_range(
    int from, off64_t *from_offset, int to, off64_t *to_offset, size_t length, unsigned flags) {
    blind(to);
    return syscall(SYS_copy_file_range, from, from_offset, to, to_offset, length, flags);
}
