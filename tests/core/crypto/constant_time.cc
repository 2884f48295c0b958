/*
 * Copyright 2026 The gr-securevoice authors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/*
 * Run under valgrind's memcheck (A. Langley's ctgrind, 2010): keys, random octets, speech
 * and the text of secure blocks are marked as undefined, so that memcheck reports each
 * branch and each address that depends on them. The kernel's objects are those that the
 * program is linked from.
 *
 *     valgrind --error-exitcode=9 constant_time            the kernel: no report
 *     valgrind --error-exitcode=9 constant_time CONTROL    comparison, address or
 *                                                          exceptions: is reported
 */

#include "core/crypto/detail/block_crypto.h"
#include "core/crypto/hash.h"
#include "core/crypto/start_time.h"
#include "helpers.h"
#include "session_for_tests.h"

#include <sodium.h>
#include <valgrind/memcheck.h>

#include <cstdio>
#include <cstdlib>

using namespace securevoice;

namespace {

// False in a control: then each exception below is a report, which shows that memcheck
// sees into the kernel.
bool exceptions_hold = true;

template <typename T>
void make_secret(T& object)
{
    VALGRIND_MAKE_MEM_UNDEFINED(&object, sizeof object);
}

template <typename T>
void make_public(const T& object)
{
    VALGRIND_MAKE_MEM_DEFINED(&object, sizeof object);
}

template <typename T>
void except(const T& object)
{
    if (exceptions_hold)
        make_public(object);
}

// What the harness itself asks, not the kernel.
void require(bool fact, const char* what)
{
    make_public(fact);
    if (fact)
        return;
    std::fprintf(stderr, "constant_time: not so: %s\n", what);
    std::exit(2);
}

} // namespace

// ---- The exceptions: where the kernel may depend on a secret, and why. The linker puts
// each of these functions around the one of its name (--wrap): there are no others, and
// no list of what memcheck is to be silent about.

extern "C" {
int __real_sodium_memcmp(const void* a, const void* b, std::size_t count);
int __wrap_sodium_memcmp(const void* a, const void* b, std::size_t count);
int __real_sodium_is_zero(const unsigned char* octets, std::size_t count);
int __wrap_sodium_is_zero(const unsigned char* octets, std::size_t count);
void __real_randombytes_buf(void* octets, std::size_t count);
void __wrap_randombytes_buf(void* octets, std::size_t count);
}
header_check real_public_header_check(const header& h) __asm__(
    "__real__ZN11securevoice19public_header_checkERKNS_6headerE");
header_check wrapped_public_header_check(const header& h) __asm__(
    "__wrap__ZN11securevoice19public_header_checkERKNS_6headerE");
std::int64_t real_unix_from_start_time(
    std::uint32_t start_time,
    std::int64_t near) __asm__("__real__ZN11securevoice20unix_from_start_timeEjl");
std::int64_t wrapped_unix_from_start_time(
    std::uint32_t start_time,
    std::int64_t near) __asm__("__wrap__ZN11securevoice20unix_from_start_timeEjl");

// Whether a tag fits: whoever sent the block learns it from what the receiver does. Which
// octets differ stays secret.
int __wrap_sodium_memcmp(const void* a, const void* b, std::size_t count)
{
    const int verdict = __real_sodium_memcmp(a, b, count);
    except(verdict);
    return verdict;
}

// Whether a key, or what the random source gave, is all zeros: it is refused then, with a
// sentence.
int __wrap_sodium_is_zero(const unsigned char* octets, std::size_t count)
{
    const int verdict = __real_sodium_is_zero(octets, count);
    except(verdict);
    return verdict;
}

// A header is sent in clear; its erasure code looks its words up in a table of
// logarithms. The check is computed last, over all other fields.
header_check wrapped_public_header_check(const header& h)
{
    except(h);
    return real_public_header_check(h);
}

// When a call began: shown to the holder of its key, who judges by it whether the call is
// a replay.
std::int64_t wrapped_unix_from_start_time(std::uint32_t start_time, std::int64_t near)
{
    except(start_time);
    return real_unix_from_start_time(start_time, near);
}

// No exception: what the system's random source gives is secret from its first moment on.
void __wrap_randombytes_buf(void* octets, std::size_t count)
{
    __real_randombytes_buf(octets, count);
    VALGRIND_MAKE_MEM_UNDEFINED(octets, count);
}

namespace {

// ---- What the kernel does, with secrets.

secret_key secret_key_from(std::uint8_t seed)
{
    std::array<std::uint8_t, secret_key::size> octets;
    for (std::size_t n = 0; n < octets.size(); ++n)
        octets[n] = static_cast<std::uint8_t>(seed + 7 * n);
    make_secret(octets);
    return secret_key::take(octets.data(), octets.size());
}

// The 8 + V bits that are sent are secret; that those behind them are zero is known to
// everybody.
text_field secret_text(codec c)
{
    std::mt19937 random(1);
    auto text = test::random_text(c, random);
    text_field secret{};
    for (std::size_t n = 0; n < signalling_bits + voice_bits(c); ++n)
        secret[n / 8] = static_cast<std::uint8_t>(secret[n / 8] | 0x80 >> n % 8);
    VALGRIND_SET_VBITS(text.data(), secret.data(), text.size());
    return text;
}

audio_digest digest_of_secret_speech()
{
    std::array<std::int16_t, samples_per_block> speech{};
    make_secret(speech);
    return fold_audio({}, speech.data(), speech.size());
}

void use_keys()
{
    const auto key = secret_key_from(1), other = secret_key_from(2);
    require(key.same(key) && !key.same(other), "keys are told apart");
    require(key.fingerprint().size() == 8, "a fingerprint has 8 letters");
    auto fresh = secret_key::random();
    fresh.wipe();
    require(fresh.wiped(), "a key is wiped");
}

void hear_secure(const air_block& sent,
                 const text_field& text,
                 const receiving_session& receiver)
{
    text_field heard{};
    require(receiver.open(0, sent, heard), "a secure block opens");
    require(same_octets(heard, text), "it opens to its text");
    auto changed = sent;
    changed.tag[3] ^= 1;
    require(!receiver.open(0, changed, heard), "a changed tag does not fit");
    changed = sent;
    changed.body[0] ^= 1;
    require(!receiver.open(0, changed, heard), "a changed body does not fit");
}

void call_with(const secret_key* key, mode m)
{
    sending_session sender(key, m, test::some_time, digest_of_secret_speech());
    const auto text = secret_text(m.codec);
    std::optional<air_block> secure;
    if (key) {
        secure = sender.seal(kind::secure, text);
        make_public(*secure); // it is sent
    }
    std::mt19937 random(2);
    const auto spoken_in_clear = test::random_text(m.codec, random); // that is no secret
    const auto number = sender.next_number();
    const auto clear = sender.seal(kind::clear, spoken_in_clear);
    make_public(clear);

    text_field heard{};
    require(public_session(sender.head()).open(number, clear, heard),
            "a clear block opens");
    require(heard == spoken_in_clear, "it opens to its text");
    if (key) {
        auto receiver = receiving_session::accept(sender.head(), *key);
        require(receiver.has_value(), "the header is accepted");
        hear_secure(*secure, text, *receiver);
        require(receiver->clear_is_ours(number, clear), "the keyed octet fits");
        const auto began = receiver->start_time(test::some_time);
        require(began <= test::some_time && test::some_time < began + 4, "it began then");
        receiver->wipe();
    }
    require(!receiving_session::accept(sender.head(), secret_key_from(9)),
            "another key does not fit");
    sender.wipe();
}

void use_kernel()
{
    use_keys();
    const auto key = secret_key_from(1);
    for (const auto& m : test::all_modes())
        call_with(&key, m);
    call_with(nullptr, {});
}

// ---- The controls: leaks that must be reported.

[[gnu::noinline]] bool
leaking_comparison(const std::uint8_t* a, const std::uint8_t* b, std::size_t count)
{
    for (std::size_t n = 0; n < count; ++n)
        if (a[n] != b[n]) // the time tells how many octets of a guess are right
            return false;
    return true;
}

[[gnu::noinline]] std::uint8_t leaking_address(const std::array<std::uint8_t, 256>& table,
                                               const std::uint8_t* secret)
{
    return table[*secret]; // the cache tells which line was read
}

void compare_as_one_must_not()
{
    const auto key = secret_key_from(1);
    sending_session sender(&key, {}, test::some_time, digest_of_secret_speech());
    auto block = sender.seal(kind::secure, secret_text(mode{}.codec));
    make_public(block);
    const voice_keys keys(
        key, context_of(sender.head()), start_time_from_unix(test::some_time));
    const auto tag = detail::secure_tag(keys, 0, mode{}.codec, block);
    require(leaking_comparison(tag.data(), block.tag.data(), tag.size()), "the tag fits");
}

void look_up_as_one_must_not()
{
    std::array<std::uint8_t, 256> table;
    for (std::size_t n = 0; n < table.size(); ++n)
        table[n] = static_cast<std::uint8_t>(n ^ 0x63);
    const auto key = secret_key_from(1);
    require(leaking_address(table, key.data()) == (1 ^ 0x63), "the table holds it");
}

} // namespace

int main(int count, char** arguments)
{
    if (!RUNNING_ON_VALGRIND) {
        std::fputs("constant_time: shows nothing unless valgrind runs it\n", stderr);
        return 2;
    }
    const std::string control = count > 1 ? arguments[1] : "";
    exceptions_hold = control != "exceptions";
    if (control == "comparison")
        compare_as_one_must_not();
    else if (control == "address")
        look_up_as_one_must_not();
    else
        use_kernel();
    return 0;
}
