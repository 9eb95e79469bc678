/* Calls the emitted vpdpbusd kernels over many shapes, on memory that ends at an unmapped page,
 * and compares with plain arithmetic. Prints through Bochs's port E9. No library, no interrupts. */
typedef unsigned char u8;
typedef signed char s8;
typedef unsigned int u32;
typedef unsigned long u64;

enum { ROWS = 12, COLUMNS = 32, GROUP = 4, MOST_TAPS = 3, MOST_DEPTH = 80, GUARD = 32 };

/* GemmTermsS8. */
struct terms {
    const u8 **rows;
    const long *taps;
    int tap_count;
    int depth;
    const s8 *panel;
    const int *bias;
    const int *offsets;
    int *sums;
};

/* Written by EdgeDL.AotSmoke: offsets of xcr0, tile, half, line; then code. */
extern const u32 emitted[];
extern u64 call_checked(const void *function, const struct terms *terms);

static u8 *const hole = (u8 *)0x600000;
static u8 *const room = (u8 *)0x800000;
static u32 seed = 1;

static void port(unsigned short to, u8 value) {
    __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(to));
}

static void print(const char *text) {
    while (*text) {
        port(0xe9, *text++);
    }
}

static void number(u64 value) {
    char digits[21];
    int at = 20;
    digits[20] = 0;
    do {
        digits[--at] = '0' + value % 10;
        value /= 10;
    } while (value);
    print(digits + at);
}

static u32 next(void) {
    seed = seed * 1664525 + 1013904223;
    return seed >> 8;
}

static u8 value(int kind) {
    return kind == 0 ? next() : kind == 1 ? 0xff : kind == 2 ? 0x80 : kind == 3 ? 0x7f : 0;
}

/* Case n of one function: rows and columns that it promises. */
static int check(const void *function, int tap_count, int depth, int kind, int rows, int columns) {
    static const u8 *row[ROWS];
    static long taps[MOST_TAPS];
    static int bias[COLUMNS], offsets[ROWS], sums[GUARD + ROWS * COLUMNS + GUARD];
    int span = (tap_count - 1) * (depth + 8) + depth;
    int panel_bytes = tap_count * depth * COLUMNS;
    s8 *panel = (s8 *)(hole - panel_bytes);
    u8 *lines = (u8 *)panel - ROWS * (span + 3);
    for (int i = 0; i < panel_bytes; i++) {
        panel[i] = (s8)value(kind == 4 ? 2 : kind == 3 ? 0 : kind);
    }
    for (int i = 0; i < ROWS * (span + 3); i++) {
        lines[i] = value(kind == 4 ? 1 : kind);
    }
    for (int i = 0; i < ROWS; i++) {
        row[i] = lines + i * (span + 3);
        offsets[i] = (int)(next() << 8);
    }
    for (int j = 0; j < COLUMNS; j++) {
        bias[j] = (int)(next() << 8);
    }
    for (int t = 0; t < tap_count; t++) {
        taps[t] = (long)(tap_count - 1 - t) * (depth + 8);
    }
    for (int i = 0; i < GUARD + ROWS * COLUMNS + GUARD; i++) {
        sums[i] = 0x5a5a5a5a;
    }
    /* Every third case: panel and rows change places, so that the rows end at the hole. */
    if (depth / GROUP % 3 == 0) {
        s8 *other = (s8 *)room;
        for (int i = 0; i < panel_bytes; i++) {
            other[i] = panel[i];
        }
        panel = other;
        for (int i = 0; i < ROWS; i++) {
            u8 *to = hole - span - (i % 2 ? 0 : i * (span + 1));
            for (int k = 0; k < span; k++) {
                to[k] = value(kind == 4 ? 1 : kind);
            }
            row[i] = to;
        }
    }
    struct terms terms = {
        row, taps, tap_count, depth, panel, bias, offsets, sums + GUARD,
    };
    if (call_checked(function, &terms) != 0) {
        print("FAILED a register of the caller changed\n");
        return 0;
    }
    for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
            u32 sum = (u32)bias[j] + (u32)offsets[i];
            for (int t = 0; t < tap_count; t++) {
                for (int k = 0; k < depth; k++) {
                    int at = (t * depth + k / GROUP * GROUP) * COLUMNS + j * GROUP + k % GROUP;
                    sum += (u32)(row[i][taps[t] + k] * panel[at]);
                }
            }
            if (sum != (u32)sums[GUARD + i * COLUMNS + j]) {
                print("FAILED a sum is wrong\n");
                return 0;
            }
        }
    }
    for (int i = 0; i < GUARD; i++) {
        if (sums[i] != 0x5a5a5a5a || sums[GUARD + ROWS * COLUMNS + i] != 0x5a5a5a5a) {
            print("FAILED written outside the sums\n");
            return 0;
        }
    }
    return 1;
}

static void end(void) {
    for (const char *text = "Shutdown"; *text; text++) {
        port(0x8900, *text);
    }
    for (;;) {
        __asm__ volatile("hlt");
    }
}

__attribute__((section(".first"))) void main(void) {
    const u8 *code = (const u8 *)(emitted + 4);
    u64 passed = 0, failed = 0;
    u64 xcr0 = ((u64 (*)(void))(code + emitted[0]))();
    if (xcr0 == 0xe7) {
        passed++;
    } else {
        print("FAILED xcr0 reads ");
        number(xcr0);
        print("\n");
        failed++;
    }
    for (int taps = 1; taps <= MOST_TAPS; taps++) {
        for (int depth = GROUP; depth <= MOST_DEPTH; depth += GROUP) {
            for (int kind = 0; kind < 5; kind++) {
                for (int f = 1; f <= 3; f++) {
                    int ok = check(
                        code + emitted[f], taps, depth, kind, f == 3 ? 1 : ROWS,
                        f == 2 ? COLUMNS / 2 : COLUMNS);
                    passed += ok;
                    failed += !ok;
                }
            }
        }
    }
    number(passed);
    print(" passed, ");
    number(failed);
    print(" failed\n");
    end();
}
