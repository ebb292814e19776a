"""Runs are chosen in the history, and found on a phone, without scripts and by the keyboard."""

import unittest

from selenium.webdriver.common.keys import Keys

from browser import DESKTOP, PHONE
from test_navigation import Navigation, setUpModule, tearDownModule  # noqa: F401


class Choosing(Navigation):
    def bar(self):
        return [each.text for each in self.browser.all("#bulk .acts button") if each.is_displayed()]

    def test_the_bar_says_how_many_are_chosen_and_has_no_actions_before(self):
        browser = self.browser
        browser.open("/runs?created_to=2023-12-01")
        self.assertEqual(self.bar(), [])
        self.press("j", "x")
        browser.wait(lambda: browser.text("#bulk .chosen") == "1 selected")
        self.assertIn("Rerun…", self.bar())
        self.press("j", "x")
        browser.wait(lambda: browser.text("#bulk .chosen") == "2 selected")
        self.assertEqual(browser.barriers(), [])
        browser.picture("bulk-chosen")
        browser.click("#bulk button[type=reset]")
        browser.wait(lambda: self.bar() == [] and browser.text("#bulk .chosen") == "")
        self.assertEqual(browser.all(".runs input:checked"), [])
        browser.click("#bulk input[name=all]")
        browser.wait(lambda: browser.text("#bulk .chosen") == "All selected")
        browser.click("#bulk button[value=label]")
        browser.wait(lambda: browser.text("main h1") == "Label 130 runs?")

    def test_without_scripts_the_actions_come_with_the_first_choice(self):
        browser = self.browser
        browser.scripts(False)
        try:
            browser.open("/runs?created_to=2023-12-01")
            self.assertEqual(self.bar(), [])
            browser.click(".runs input")
            browser.wait(lambda: "Rerun…" in self.bar())
            # Times are in one piece.
            cut = browser.script("return [...document.querySelectorAll('.runs td[data-label] time')].filter((e) => e.closest('td').scrollWidth > e.closest('td').clientWidth).length")
            self.assertEqual(cut, 0)
            browser.picture("history-no-scripts")
        finally:
            browser.scripts(True)

    def test_on_a_phone_a_run_has_two_lines(self):
        browser = self.browser
        browser.size(PHONE)
        try:
            browser.open("/runs")
            rows = browser.script("return [...document.querySelectorAll('.runs tbody tr')].map((e) => { const r = e.getBoundingClientRect(); return [r.top, r.height]; })")
            self.assertLess(max(height for _, height in rows), 75)
            self.assertLess(rows[0][0], 560)
            self.assertEqual(browser.barriers(), [])
            browser.picture("history-phone-rows")
        finally:
            browser.size(DESKTOP)

    def test_a_link_skips_the_filters_and_a_row_leads_to_the_workflow(self):
        browser = self.browser
        run = self.service.start("cg-quick", "--wait")
        browser.open("/runs")
        self.press(Keys.TAB, Keys.ENTER, Keys.TAB)
        self.assertEqual(self.focused("e.textContent"), "Skip to the runs")
        self.press(Keys.ENTER, Keys.TAB)
        self.assertTrue(self.focused("e.closest('.runs') !== null"))
        browser.click(f"#row-{run} .place a")
        browser.wait(lambda: browser.path == "/workflows/cg-quick")
        browser.open("/runs?config_id=cg-quick")
        self.assertTrue(browser.one(".to-page").get_attribute("href").endswith("/workflows/cg-quick"))
        browser.click(".views a[href*='created_from=24h']")
        browser.wait(lambda: "state=failed" in browser.path and "created_from=24h" in browser.path)


if __name__ == "__main__":
    unittest.main()
