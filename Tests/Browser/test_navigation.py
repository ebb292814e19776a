"""Getting around without a mouse: the palette, single keys, the theme and the time zone."""

import unittest

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from browser import DESKTOP, PHONE
from service import HOSTILE
from test_pages import PageTest, setUpModule, tearDownModule  # noqa: F401


class Navigation(PageTest):
    def press(self, *keys):
        """Keys to whatever has the focus; a list of keys is pressed at once."""
        for key in keys:
            actions = ActionChains(self.browser.driver)
            if isinstance(key, tuple):
                actions.key_down(key[0]).send_keys(key[1]).key_up(key[0])
            else:
                actions.send_keys(key)
            actions.perform()

    def focused(self, expression):
        return self.browser.script(f"const e = document.activeElement; return {expression}")


class Palette(Navigation):
    def test_it_jumps_to_a_workflow_a_run_and_an_action_by_keyboard_only(self):
        browser = self.browser
        run = self.service.start("cg-quick", "--wait")
        browser.open("/runs")
        self.press((Keys.CONTROL, "k"))
        browser.wait(lambda: browser.all("dialog[open] .palette"))
        self.assertEqual(self.focused("e.name"), "q")
        self.assertEqual(browser.barriers(), [])
        self.press("nightly")
        browser.wait(lambda: "Nightly" in browser.text("dialog [aria-selected=true]"))
        browser.picture("palette")
        self.press(Keys.ENTER)
        browser.wait(lambda: browser.path == "/workflows/cg-nightly")
        # Typed and sent at once: the answer to the text counts, not what was shown before.
        self.press((Keys.CONTROL, "k"))
        browser.wait(lambda: browser.all("dialog[open] .palette"))
        self.press(run, Keys.ENTER)
        browser.wait(lambda: browser.path == "/runs/" + run)
        self.press((Keys.CONTROL, "k"))
        browser.wait(lambda: browser.all("dialog[open] .palette"))
        self.press("run daily")
        browser.wait(lambda: "Run Daily" in browser.text("dialog [aria-selected=true]"))
        self.press(Keys.ARROW_DOWN, Keys.ARROW_UP, Keys.ENTER)
        browser.wait(lambda: browser.all("dialog[open] select[name=run_mode]"), "the form of the start does not open")

    def test_it_opens_by_the_mouse_and_shows_hostile_names_as_text(self):
        browser = self.browser
        browser.open("/runs")
        browser.click("[data-palette]")
        browser.wait(lambda: browser.all("dialog[open] .palette"))
        self.press("cg-hostile")
        browser.wait(lambda: HOSTILE in browser.text("dialog .found-entries"))
        browser.click("dialog .found-entries a[href='/workflows/cg-hostile']")
        browser.wait(lambda: browser.path == "/workflows/cg-hostile")

    def test_without_scripts_it_is_a_page(self):
        browser = self.browser
        browser.scripts(False)
        try:
            browser.open("/runs")
            browser.click("[data-palette]")
            browser.wait(lambda: browser.path == "/go")
            browser.one("#go-text").send_keys("nightly", Keys.ENTER)
            browser.wait(lambda: browser.path == "/go?q=nightly")
            browser.click(".found-entries a")
            browser.wait(lambda: browser.path == "/workflows/cg-nightly")
        finally:
            browser.scripts(True)


class SingleKeys(Navigation):
    def test_rows_are_walked_and_opened(self):
        browser = self.browser
        browser.open("/runs?created_to=2023-12-01")
        names = browser.script("return [...document.querySelectorAll('.runs .name > a')].map((e) => e.textContent)")
        self.press("j", "j", "k", "j")
        self.assertEqual(self.focused("e.textContent"), names[1])
        self.assertNotEqual(self.focused("getComputedStyle(e).outlineStyle"), "none")
        self.press("x")
        self.assertTrue(browser.script("return document.activeElement.closest('tr').querySelector('input').checked"))
        browser.picture("row-focus")
        address = self.focused("e.getAttribute('href')")
        self.press(Keys.ENTER)
        browser.wait(lambda: browser.path == address)

    def test_a_run_is_stopped_and_started_again_and_the_list_of_keys_opens(self):
        browser = self.browser
        run = self.service.start("cg-gated")
        browser.open("/runs/" + run)
        self.press("s")
        browser.wait(lambda: "Stop this run?" in browser.text("dialog[open] h1"))
        # In a field, keys are text.
        browser.one("dialog input[name=reason]").send_keys("rs?j")
        self.assertEqual(browser.one("dialog input[name=reason]").get_attribute("value"), "rs?j")
        browser.click("dialog button.primary")
        browser.wait(lambda: browser.text("#run-summary .boxes .state") == "Stopped")
        self.press("r")
        browser.wait(lambda: "Rerun" in browser.text("dialog[open] h1"))
        self.press(Keys.ESCAPE)
        browser.wait(lambda: not browser.all("dialog[open]"))
        self.press("?")
        browser.wait(lambda: "Keyboard shortcuts" in browser.text("dialog[open] h1"))
        self.assertEqual(browser.barriers(), [])
        browser.picture("shortcuts")


class Display(Navigation):
    def ground(self):
        return self.browser.script("return getComputedStyle(document.body).backgroundColor")

    def choose(self, theme, zone):
        browser = self.browser
        browser.click("a[href='/display']")
        browser.click(f"dialog[open] input[value={theme}]")
        browser.click(f"dialog[open] input[value={zone}]")
        browser.click("dialog[open] button.primary")

    def test_the_theme_and_the_zone_are_chosen_and_stay(self):
        browser = self.browser
        browser.zone("Asia/Kathmandu")
        try:
            browser.open("/workflows/cg-nightly")
            light = self.ground()
            self.choose("dark", "workflow")
            browser.wait(lambda: self.ground() != light and browser.path == "/workflows/cg-nightly")
            self.assertRegex(browser.text(".zone-note"), r"America/New_York \(UTC−0[45]:00\)")
            self.assertEqual(browser.barriers(), [])
            browser.open("/runs")
            self.assertNotEqual(self.ground(), light)
            self.assertIn("Asia/Kat", browser.text(".zone-note"))
            browser.size(PHONE)
            browser.picture("display-phone")
            browser.size(DESKTOP)
            self.choose("system", "utc")
            browser.wait(lambda: self.ground() == light)
            browser.open("/runs?created_from=2023-11-02T00:00:00Z&created_to=2023-11-09T00:00:00Z")
            self.assertIn("in UTC.", browser.text(".zone-note"))
            self.assertEqual(browser.one("input[type=datetime-local][name=created_from]").get_attribute("value"), "2023-11-02T00:00")
            browser.click(".more button.primary")
            browser.wait(lambda: browser.path == "/runs?created_from=2023-11-02&created_to=2023-11-09")
        finally:
            browser.zone("")

    def test_without_scripts_the_theme_is_chosen_on_a_page(self):
        browser = self.browser
        browser.scripts(False)
        try:
            browser.open("/workflows")
            browser.click("a[href='/display']")
            browser.wait(lambda: browser.path == "/display")
            browser.click("input[value=dark]")
            browser.click("button.primary")
            browser.wait(lambda: browser.path == "/workflows")
            self.assertEqual(browser.one("html").get_attribute("data-theme"), "dark")
        finally:
            browser.scripts(True)


if __name__ == "__main__":
    unittest.main()
