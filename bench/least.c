// The least that a program takes to find the hosts of a log of sendmail's that make more than three wrong guesses within a day: what
// `blocksmtp replay --policy=count` is held against where it misses a budget. It knows one form of a line and one stamp, believes whatever
// a client has written, has no white-list, ends no block, and its tables never grow: no program to use.
//   least FILE       prints how many hosts it would block
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum
{
    BLOCK = 1 << 18, LONGEST = 1 << 16, TRANSACTIONS = 1 << 16, PLACES = 1 << 19, HOSTS = 1 << 18,
    GUESSES = 4, DAY = 86400, ID = 14, ADDRESS = 48
};

struct transaction { char id[16]; int guesses; };
struct host { char address[ADDRESS]; int count, at, is_blocked; int times[GUESSES]; };

static char room[LONGEST + BLOCK + 1];
static struct transaction transactions[TRANSACTIONS];
static struct host hosts[HOSTS];
static int places[PLACES], known, blocked;

static uint64_t mixed(const char *text, size_t length)
{
    uint64_t sum = length;
    while (length >= 8)
    {
        uint64_t word;
        memcpy(&word, text, 8);
        sum = (sum ^ word) * 0x9E3779B97F4A7C15;
        text += 8, length -= 8;
    }
    uint64_t word = 0;
    memcpy(&word, text, length);
    sum = (sum ^ word) * 0x9E3779B97F4A7C15;
    return sum ^ (sum >> 32);
}

// "Nov  1 06:00:00", of one year.
static int seconds(const char *stamp)
{
    int day = (stamp[4] == ' ' ? 0 : stamp[4] - '0') * 10 + stamp[5] - '0';
    return day * DAY + ((stamp[7] - '0') * 10 + stamp[8] - '0') * 3600 + ((stamp[10] - '0') * 10 + stamp[11] - '0') * 60
        + (stamp[13] - '0') * 10 + stamp[14] - '0';
}

static void guess(const char *address, size_t length, int now, int count)
{
    if (length >= ADDRESS)
        return;
    int *place = &places[mixed(address, length) & (PLACES - 1)];
    struct host *host;
    // Whom there is none of yet has the next room, so that what is used lies together.
    for (; *place; place = place == places + PLACES - 1 ? places : place + 1)
    {
        host = &hosts[*place];
        if (!memcmp(host->address, address, length) && !host->address[length])
            break;
    }
    if (!*place)
        *place = known < HOSTS - 1 ? ++known : known;
    host = &hosts[*place];
    memcpy(host->address, address, length);
    while (count-- > 0)
    {
        host->times[host->at++ % GUESSES] = now;
        if (++host->count >= GUESSES && now - host->times[host->at % GUESSES] < DAY && !host->is_blocked)
            host->is_blocked = 1, blocked++;
    }
}

// A client's address between the brackets, from a place on.
static const char *address_at(const char *at, const char *end, size_t *length)
{
    const char *open = memchr(at, '[', end - at), *close = open ? memchr(open, ']', end - open) : NULL;
    *length = close ? close - open - 1 : 0;
    return close ? open + 1 : NULL;
}

static void read_line(const char *line, const char *end)
{
    static const char unknown[] = "... User unknown", ruleset[] = "ruleset=check_rcpt, arg1=", relay[] = ", relay=";
    const char *process = end - line > 64 ? memchr(line + 16, '[', 48) : NULL;
    const char *id = process ? memchr(process, ' ', 16) : NULL;
    if (!id || end - ++id < ID + 8 || id[ID] != ':')
        return;
    const char *text = id + ID + 2, *address;
    struct transaction *transaction = &transactions[mixed(id, ID) & (TRANSACTIONS - 1)];
    size_t length;
    if (!memcmp(end - sizeof unknown + 1, unknown, sizeof unknown - 1))
    {
        if ((size_t)(end - text) > sizeof ruleset && !memcmp(text, ruleset, sizeof ruleset - 1))
        {
            const char *at = memmem(text, end - text, relay, sizeof relay - 1);
            if (at && (address = address_at(at, end, &length)))
                guess(address, length, seconds(line), 1);
            return;
        }
        if (memcmp(transaction->id, id, ID))
            memcpy(transaction->id, id, ID), transaction->guesses = 0;
        transaction->guesses++;
    }
    else if (transaction->guesses && !memcmp(transaction->id, id, ID))
    {
        int is_end = !memcmp(text, "from=", 5);
        const char *at = is_end ? memrchr(text, '[', end - text) : text;
        if (at && memcmp(text, "to=", 3) && (address = address_at(at, end, &length)))
        {
            guess(address, length, seconds(line), transaction->guesses);
            transaction->guesses = 0;
        }
    }
}

int main(int count, char **words)
{
    int file = count == 2 ? open(words[1], O_RDONLY) : -1;
    if (file < 0)
        return perror("least FILE"), 64;
    char *start = room + LONGEST, *end = start;
    for (ssize_t added; (added = read(file, room + LONGEST, BLOCK)) > 0;)
    {
        end = room + LONGEST + added;
        for (char *at; (at = memchr(start, '\n', end - start)); start = at + 1)
            read_line(start, at);
        size_t rest = end - start;
        if (rest > LONGEST)
            return fputs("a line is too long\n", stderr), 65;
        start = memmove(room + LONGEST - rest, start, rest);
    }
    return printf("%d\n", blocked) < 0;
}
