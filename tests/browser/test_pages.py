"""Every page there is: nobody is kept out by how it is made, nothing runs over the edge, in light and in dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe

AXE = Axe()
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def violations(page, path):
    found = AXE.run(page, options=RULES).response["violations"]
    return [f"{path}: {one['id']}: {one['help']}: {[node['html'][:160] for node in one['nodes'][:3]]}" for one in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(open_page, pages, scheme):
    page = open_page(color_scheme=scheme, viewport={"width": 1200, "height": 900})
    found = []
    for path in pages:
        page.goto(path)
        found += violations(page, path)
    assert found == []


def test_axe_finds_nothing_in_front_of_the_sign_in(open_page, site):
    page = open_page(signed_in=False)
    found = []
    for path in ["/sign-in", f"/support/{site.company.id}"]:
        page.goto(path)
        found += violations(page, path)
    assert found == []


def test_nothing_scrolls_sideways_on_a_telephone(open_page, pages):
    page = open_page(viewport={"width": 360, "height": 740}, has_touch=True)
    wide = []
    for path in pages:
        page.goto(path)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 360:
            wide.append(f"{path}: {width}")
    assert wide == []


def test_a_page_can_be_enlarged_twofold(open_page, pages):
    # 200 % of a window of 1280 pixels is a window of 640.
    page = open_page(viewport={"width": 640, "height": 480})
    for path in pages:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 640, path


def brightness(page):
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return sum(int(part) for part in colour[colour.index("(") + 1 : -1].split(",")[:3])


def test_dark_is_dark_and_light_is_light(open_page, pages):
    dark, light = open_page(color_scheme="dark"), open_page(color_scheme="light")
    for path in pages:
        dark.goto(path)
        light.goto(path)
        assert brightness(dark) < 200 < 500 < brightness(light), path


FOCUS = """() => {
  const at = document.activeElement;
  const style = getComputedStyle(at);
  return { name: at.tagName, text: (at.innerText || at.name || at.id || "").slice(0, 40), key: at.outerHTML.slice(0, 200),
           visible: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 };
}"""


def test_everything_is_reached_with_the_keyboard_and_the_focus_is_seen(open_page, pages):
    page = open_page()
    for path in pages:
        page.goto(path)
        wanted = page.locator("a[href]:visible, button:visible:enabled, input:visible:enabled, select:visible:enabled, summary:visible").count()
        page.keyboard.press("Tab")
        first = page.evaluate(FOCUS)
        assert "content" in first["text"].lower(), f"{path}: the first stop leads past the head: {first}"
        reached, hidden = 1, []
        for _ in range(wanted + 5):
            page.keyboard.press("Tab")
            focus = page.evaluate(FOCUS)
            if focus["name"] == "BODY":
                break
            reached += 1
            if not focus["visible"]:
                hidden.append(focus)
        assert hidden == [], f"{path}: the focus is not seen"
        assert reached >= wanted - page.locator("input[type=radio]").count(), f"{path}: {reached} of {wanted}"


def test_every_page_says_where_one_is(open_page, pages):
    page = open_page()
    titles = {}
    for path in pages:
        page.goto(path)
        assert page.get_by_role("heading", level=1).count() == 1, path
        assert page.get_by_role("main").count() == 1, path
        assert page.locator("html").get_attribute("lang") == "en", path
        # Another page of the same list is the same page.
        titles.setdefault(page.title(), set()).add(path.partition("?")[0])
    twice = {title: paths for title, paths in titles.items() if len(paths) > 1}
    assert twice == {}, "two pages have one title"


def test_names_from_outside_are_text(open_page, site):
    page = open_page()
    page.goto("/")
    assert page.get_by_text("Bolt <b>Works</b>").count() >= 1
