#!/usr/bin/env python3
# Copyright 2026 The gr-securevoice authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Chooses the 1024 words of fingerprints from a longer list of common words, one a line, and prints fingerprint_words.inc.

    choose_words.py /usr/lib/python3/dist-packages/mnemonic/wordlist/english.txt     (Debian's python3-mnemonic 0.19-2)

Of the two words that are most alike the one with the nearer other neighbours goes, until 1024 are left. Words that sound like other
English words, or that nobody wants to read aloud, go first.
"""

import sys

COUNT = 1024
SOUND_LIKE_OTHERS = """
air aisle arrest arrive ball blue board brown bus buy cell cent child chord clothes core dear deer die doe eight fair feel few flavor
flee flower gaze genre grass great guest hair hear hello hire hole hour idle knee know lava lend liar lie loan made mail main male mean meat mix mule
neither new night one order own oxygen pair pause peace peasant piece plate possible pray pull rail rain raw real right ring road role row
sail scene sea seat see sell sense sight slam soul sound steel stock suit sun sure swear tail team their there throw tide
time toe tone two uncle vague wait waste wave way weapon wear weird whale when where wine wood wrap write wrong year you young
""".split()
UNFIT = """
abuse addict alcohol angry arrest assault blame blast bomb brutal bullet burden cruel crime crash danger death defy desperate
destroy despair devil die divorce drip drug enemy evil execute explode fatal fatigue fault fear fever fiscal flee gun guilt hate harsh horror
injury junk kill knife lawsuit prison poverty punch ransom riot sad shoot slave slaughter steal suffer suspect tragic
trash ugly victim violence virus vomit war weapon worry wreck
""".split()


def distance(a, b):
    """Levenshtein's: letters to insert, remove or replace."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        above, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            above, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, above + (x != y))
    return row[-1]


def choose(words):
    near = {a: sorted((distance(a, b), b) for b in words if b != a) for a in words}
    left = set(words)

    def neighbours(a):
        near[a] = [entry for entry in near[a] if entry[1] in left]
        return near[a]

    while len(left) > COUNT:
        # Most alike: the smallest distances to others, the nearest first. Ties go by the alphabet: the choice can be repeated.
        left.remove(min(left, key=lambda a: ([d for d, _ in neighbours(a)[:3]], a)))
    return sorted(left)


def main():
    with open(sys.argv[1], encoding="ascii") as source:
        words = [word for word in source.read().split() if 4 <= len(word) <= 7]
    words = [word for word in words if word not in SOUND_LIKE_OTHERS + UNFIT]
    chosen = choose(words)
    for n in range(0, COUNT, 8):
        print(" ".join(f'"{word}",' for word in chosen[n:n + 8]))


if __name__ == "__main__":
    main()
