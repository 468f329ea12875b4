"""A reviewer's hands: Label Studio's page in a real, headless Chromium."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Locator, Page, expect, sync_playwright

ARTIFACTS = Path(__file__).resolve().parents[2] / "artifacts"
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SECONDS = 1000
PATIENCE = 60 * SECONDS
#: What a person's hand takes anyway, and the page needs between one gesture and the next.
MOMENT = 0.8 * SECONDS

# What the page shows as one region may be several elements (nesting, lines). Each carries the
# region's key in its class; its first says where it starts, its last where it ends.
_REGIONS = r"""() => {
  const found = {};
  for (const part of document.querySelectorAll('.lsf-htx-richtext .htx-highlight')) {
    const key = part.className.match(/htx-highlight-\S+/)?.[0];
    if (!key) continue;
    const region = (found[key] ??= {key, label: '', text: '', start: -1, end: -1});
    const {label, start, end} = part.dataset;
    if (label !== undefined) region.label = label.replace(/^[0-9]+:/, '');
    if (start !== undefined) region.start = +start;
    if (end !== undefined) region.end = +end;
    region.text += part.textContent;
  }
  return Object.values(found);
}"""

# The rectangles on the screen of characters start to end, counted in what the page shows.
_RECTANGLES = """([start, end]) => {
  const root = document.querySelector('.lsf-htx-richtext');
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  let at = 0, begun = false, node;
  while ((node = walker.nextNode())) {
    const length = node.data.length;
    if (!begun && start < at + length) { range.setStart(node, start - at); begun = true; }
    if (begun && end <= at + length) { range.setEnd(node, end - at); break; }
    at += length;
  }
  return [...range.getClientRects()].map(r => [r.left, r.top, r.right, r.bottom]);
}"""


# The relations as they are drawn: the role, and where the arrow starts and points to (pixels).
_ARROWS = r"""() => [...document.querySelectorAll('.relations-overlay > g')].map(group => {
  const {left, top} = group.parentElement.getBoundingClientRect();
  const path = group.querySelector('path[marker-end]');
  const at = path.getAttribute('d').match(/-?[0-9.]+/g).map(Number);
  const role = group.querySelector('text').textContent;
  return [role, [at[0] + left, at[1] + top], [at.at(-2) + left, at.at(-1) + top]];
})"""

_BOXES = """id => [...document.querySelectorAll(`[class*="htx-highlight-${id}-"]`)]
  .flatMap(part => [...part.getClientRects()]).map(r => [r.left, r.top, r.right, r.bottom])"""


class Region(NamedTuple):
    """A region as the page shows it; start and end are what the page says, in code points."""

    key: str
    label: str
    text: str
    start: int
    end: int


class Reviewer:
    """One person at one page."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url

    def log_in(self, user: str, password: str) -> None:
        self.page.goto(f"{self.url}/user/login/")
        self.page.fill("input[name=email]", user)
        self.page.fill("input[name=password]", password)
        self.page.click("button[type=submit]")
        self.page.wait_for_url(re.compile(rf"{re.escape(self.url)}/(?!user/login)"))

    def keep_screen(self, name: str) -> None:
        """Keep what the screen shows, for whoever looks into a failure."""
        ARTIFACTS.mkdir(exist_ok=True)
        self.page.screenshot(path=ARTIFACTS / f"{name}.png")
        (ARTIFACTS / f"{name}.html").write_text(self.page.content())

    def open(self, project: int, task: int, *, regions: int) -> None:
        """Open a task, and wait until it shows this many regions."""
        self.page.goto(f"{self.url}/projects/{project}/data?task={task}")
        self._ready(regions)

    def open_stream(self, project: int, *, regions: int) -> None:
        """Open the next task as an annotator gets it: the instructions first, a button to skip."""
        self.page.goto(f"{self.url}/projects/{project}/data?labeling=1")
        instructions = self.page.get_by_text("Labeling Instructions")
        expect(instructions).to_be_visible(timeout=PATIENCE)
        self.page.keyboard.press("Escape")
        expect(instructions).to_be_hidden()
        self._ready(regions)

    def _ready(self, regions: int) -> None:
        expect(self.page.locator(".lsf-htx-richtext")).to_be_visible(timeout=PATIENCE)
        items = self.page.locator(".lsf-tree__node_type_richtextregion")
        if regions:
            self.page.wait_for_function(
                f"n => Object.keys(({_REGIONS})()).length >= n", arg=regions, timeout=PATIENCE
            )
            self._tab("Regions")  # the page remembers the one that was open last
            expect(items.first).to_be_visible(timeout=PATIENCE)

    def regions(self) -> list[Region]:
        return [Region(**found) for found in self.page.evaluate(_REGIONS)]

    def arrows(self) -> list[tuple[str, list[float], list[float]]]:
        """Role, start and head (x and y on the screen) of each arrow."""
        return [(role, start, head) for role, start, head in self.page.evaluate(_ARROWS)]

    def boxes(self, region: str) -> list[list[float]]:
        """Left, top, right and bottom on the screen of the region with this id, part by part."""
        return self.page.evaluate(_BOXES, region)

    def _row(self, text: str, label: str = "") -> Locator:
        """The region with this text (and label) in the list of regions: in the text a nested one
        hides it. The list holds no more than what it shows: scroll to it."""
        rows = self.page.locator(".lsf-tree__node_type_richtextregion")
        row = rows.filter(has=self.page.get_by_text(text, exact=True))
        if label:
            row = row.filter(has=self.page.get_by_text(label, exact=True))
        rows.first.hover()
        self.page.mouse.wheel(0, -100_000)
        for _ in range(100):
            self.page.wait_for_timeout(MOMENT / 4)
            if row.count():
                break
            self.page.mouse.wheel(0, 200)
        return row.first

    def select(self, text: str, label: str = "") -> None:
        """Choose the region with this text, and with this label where several have the text."""
        self._tab("Regions")
        self._row(text, label).click()
        expect(self.page.get_by_label("Delete selected region")).to_be_visible()
        self.page.wait_for_timeout(MOMENT)

    def relabel(self, text: str, label: str) -> None:
        self.select(text)
        self._label(label).click()
        self.page.keyboard.press("Escape")

    def stretch(self, text: str, end: int) -> None:
        """Drag the end of the region with this text to another place, counted as in `add`."""
        self.select(text)
        (edge,) = self.page.evaluate(_RECTANGLES, [end - 1, end])
        handle = self.page.locator(".lsf-htx-richtext area.__resize_right").bounding_box()
        assert handle is not None
        mouse, middle = self.page.mouse, (edge[1] + edge[3]) / 2
        mouse.move(handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2)
        mouse.down()
        mouse.move(edge[2], middle, steps=5)
        mouse.move(edge[0] + 1, middle, steps=5)
        mouse.up()
        self.page.keyboard.press("Escape")
        self.page.wait_for_timeout(MOMENT)

    def choose(self, text: str, *values: str) -> None:
        """Tick (or untick) a modality or mode of the trigger with this text."""
        self.select(text)
        for value in values:
            box = self.page.locator(f".curation-choices input[name='{value}']")
            box.locator("visible=true").click()
        self.page.wait_for_timeout(MOMENT)
        self.page.keyboard.press("Escape")

    def delete(self, text: str) -> None:
        before = len(self.regions())
        self.select(text)
        self.page.keyboard.press("Backspace")
        self.page.wait_for_function(
            f"n => Object.keys(({_REGIONS})()).length < n", arg=before, timeout=PATIENCE
        )

    def add(self, label: str, start: int, end: int) -> None:
        """Drag the mouse over characters start to end of what the page shows: UTF-16 units of
        the text without its line breaks."""
        self._label(label).click()
        rectangles = self.page.evaluate(_RECTANGLES, [start, end])
        left = min(r[0] for r in rectangles)
        right = max(r[2] for r in rectangles)
        middle = (rectangles[0][1] + rectangles[0][3]) / 2
        before = len(self.regions())
        mouse = self.page.mouse
        mouse.move(right - 1, middle)
        mouse.down()
        mouse.move((left + right) / 2, middle, steps=5)
        mouse.move(left + 1, middle, steps=5)
        mouse.up()
        self.page.wait_for_function(
            f"n => Object.keys(({_REGIONS})()).length > n", arg=before, timeout=PATIENCE
        )
        self.page.keyboard.press("Escape")
        self.page.wait_for_timeout(MOMENT)

    def relate(self, trigger: str, entity: str, role: str) -> None:
        """Draw a relation from a trigger to an entity, and choose its role."""
        self.select(trigger)
        self.page.keyboard.press("Alt+r")
        self.page.wait_for_timeout(MOMENT)
        self._row(entity).click()
        self.page.wait_for_timeout(MOMENT)
        self._tab("Relations")
        self._name(self.page.locator(".lsf-relations__item").last, role)

    def rename_role(self, trigger: str, entity: str, role: str) -> None:
        """Another role for the relation between regions of these labels."""
        self._name(self._relation(trigger, entity), role)

    def turn(self, trigger: str, entity: str) -> None:
        """Turn the arrow between regions of these labels: right, both ways, left."""
        icon = self._relation(trigger, entity).locator(".lsf-relations__icon")
        icon.click()
        icon.click()
        expect(icon.locator("svg")).to_have_attribute("data-direction", "left")

    def unrelate(self, trigger: str, entity: str) -> None:
        """Delete the relation between regions of these labels."""
        self._relation(trigger, entity).get_by_label("Delete Relation").click()

    def _relation(self, trigger: str, entity: str) -> Locator:
        self._tab("Relations")
        items = self.page.locator(".lsf-relations__item")
        item = items.filter(has_text=trigger).filter(has_text=entity).first
        item.hover()
        return item

    def _name(self, item: Locator, role: str) -> None:
        item.hover()
        names = item.locator("[data-testid^=select-trigger]")
        if not names.is_visible():  # the button opens and closes them
            item.get_by_label("Show Relation Labels").click()
        names.click()
        self.page.get_by_role("option", name=role).click()
        self.page.keyboard.press("Escape")
        self.page.wait_for_timeout(MOMENT)

    def say_nothing_to_mark(self) -> None:
        self.page.get_by_text("Nothing to mark in this document").click()

    def submit(self) -> None:
        self._send(self.page.get_by_role("button", name=re.compile("^Submit current")))

    def skip(self) -> None:
        self._send(self.page.get_by_label("skip-task"))

    def _send(self, button: Locator) -> None:
        with self.page.expect_response(
            lambda r: "/annotations" in r.url and r.request.method in ("POST", "PATCH"),
            timeout=PATIENCE,
        ) as answer:
            button.first.click()
        assert answer.value.ok, answer.value.text()

    def _tab(self, name: str) -> None:
        tab = self.page.locator(".lsf-panel-tabs__tab", has_text=name)
        tab.locator("visible=true").first.click()

    def _label(self, name: str) -> Locator:
        exact = re.compile(rf"^{name}\W*\w?$")
        return self.page.locator(".lsf-label").filter(has_text=exact).first


@contextlib.contextmanager
def reviewing(url: str, user: str, password: str) -> Iterator[Reviewer]:
    """A person, logged in."""
    names = ("chromium", "chromium-browser", "google-chrome")
    chromium = next(filter(None, map(shutil.which, names)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", chromium), args=list(FLAGS)
        )
        reviewer = Reviewer(browser.new_page(viewport={"width": 1600, "height": 1200}), url)
        try:
            reviewer.log_in(user, password)
            yield reviewer
        except BaseException:
            reviewer.keep_screen("log_in")
            raise
        finally:
            browser.close()
