"""The pages of workflows and of receivers: with the mouse, by keyboard, on a phone, without scripts, and in forced colours."""

import unittest

from selenium.webdriver.common.keys import Keys

from browser import DESKTOP, PHONE
from test_navigation import Navigation
from test_pages import setUpModule, tearDownModule  # noqa: F401


class Receivers(Navigation):
    def test_one_is_added_edited_tested_and_deleted_by_keyboard_only(self):
        browser = self.browser
        browser.open("/settings/alerts")
        browser.one(".page-head .primary").send_keys(Keys.ENTER)
        name = browser.one("dialog[open] input[name=name]")
        name.send_keys("Ops")
        browser.one("dialog input[name=url]").send_keys("https://1.1.1.1/hook")
        browser.one("dialog input[value=slow]").send_keys(Keys.SPACE)
        browser.one("dialog button.primary").send_keys(Keys.ENTER)
        # A name with a capital is refused, and the other fields stay.
        browser.wait(lambda: "lower-case" in browser.text(".form-problem"))
        self.assertTrue(all("400" in each for each in browser.problems()))
        self.assertTrue(browser.one("input[value=slow]").is_selected())
        name = browser.one("input[name=name]")
        name.clear()
        name.send_keys("ops")
        browser.one("button.primary").send_keys(Keys.ENTER)
        browser.wait(lambda: browser.text("#signing-secret").startswith("whsec_"))
        browser.one("a.button.primary").send_keys(Keys.ENTER)
        browser.wait(lambda: browser.path == "/settings/alerts")
        self.assertIn("Failed, Takes too long", browser.text(".receivers tbody"))

        browser.one(".receivers .name a").send_keys(Keys.ENTER)
        browser.wait(lambda: "Empty keeps https://1.1.1.1/" in browser.text("dialog[open]"))
        browser.one("dialog input[value=slow]").send_keys(Keys.SPACE)
        browser.one("dialog button.primary").send_keys(Keys.ENTER)
        browser.wait(lambda: browser.path == "/settings/alerts" and "Takes too long" not in browser.text(".receivers tbody"))
        for name in ("alerts", "receiver-form"):
            browser.open("/settings/alerts" if name == "alerts" else "/settings/alerts/receivers/ops/edit")
            self.looks(name)
        browser.open("/settings/alerts")
        browser.one(".receivers a.danger").send_keys(Keys.ENTER)
        browser.one("dialog[open] button.danger").send_keys(Keys.ENTER)
        browser.wait(lambda: "No receivers yet" in browser.text("main"))

    def test_without_scripts_it_is_a_page(self):
        browser = self.browser
        browser.scripts(False)
        try:
            browser.open("/settings/alerts")
            browser.click(".page-head .primary")
            browser.one("input[name=name]").send_keys("plain")
            browser.one("input[name=url]").send_keys("https://127.0.0.1/")
            browser.click("button.primary")
            browser.wait(lambda: browser.all(".form-problem"))
            self.assertIn("--alerts-allow", browser.one(".form-problem").text)
        finally:
            browser.scripts(True)
            browser.problems()

    def looks(self, name):
        browser = self.browser
        for is_dark in (False, True):
            browser.dark(is_dark)
            browser.settle()
            self.assertEqual(browser.barriers(), [])
            for width, size in (("desktop", DESKTOP), ("phone", PHONE)):
                browser.size(size)
                browser.picture(f"{name}-{width}-{'dark' if is_dark else 'light'}")
                overflow = browser.script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
                self.assertLessEqual(overflow, 0, f"{name} is wider than a {width}")
            browser.size(DESKTOP)
        browser.dark(False)


class Workflows(Navigation):
    def test_the_list_has_failing_ones_first_and_is_found_by_a_part_of_a_name(self):
        browser = self.browser
        failed = self.service.start("cg-hostile")
        browser.open("/runs/" + failed)
        browser.wait(lambda: browser.text("#run-summary .boxes .state") == "Failed")
        browser.open("/workflows")
        browser.wait(lambda: browser.all("#config-cg-hostile"))
        self.assertIn("Failed", browser.text(".configs tbody tr:first-child .last"))
        self.assertRegex(browser.text("#config-cg-nightly"), r"in \d+ (h|m)")
        browser.one("input[name=q]").send_keys("nightly", Keys.ENTER)
        browser.wait(lambda: len(browser.all(".configs tbody tr")) == 1)
        browser.open("/workflows?show=failing")
        self.assertTrue(browser.all("#config-cg-hostile"))
        self.assertFalse(browser.all("#config-cg-nightly"))
        browser.open("/workflows?q=nosuch")
        self.assertIn("No such workflow", browser.text("main"))
        browser.open("/workflows/nosuch")
        self.assertIn("There is no workflow with that id.", browser.text("main"))
        browser.click("main .button.primary")
        browser.wait(lambda: browser.path == "/workflows")
        browser.problems()

    def test_the_grid_begins_at_the_newest_run_and_its_tooltips_are_in_the_zone_of_the_page(self):
        browser = self.browser
        for _ in range(3):
            newest = self.service.start("cg-quick")
        browser.zone("Asia/Kathmandu")
        try:
            browser.size(PHONE)
            browser.open("/workflows/cg-quick")
            browser.wait(lambda: browser.all(f".grid thead a[href='/runs/{newest}']"))
            browser.settle()
            edges = browser.script("""const frame = document.querySelector('.grid-frame').getBoundingClientRect();
                const newest = document.querySelector('.grid thead th:last-child').getBoundingClientRect();
                return [newest.left - frame.left, frame.right - newest.right]""")
            self.assertTrue(all(edge >= 0 for edge in edges), edges)
            title = browser.one(".grid thead th:last-child a").get_attribute("title")
            self.assertNotIn("UTC", title)
            strip = browser.script("return document.querySelector('.strip a:last-of-type title').textContent")
            self.assertEqual(title.split(": ")[0], strip.split(": ")[0])
        finally:
            browser.zone("")
            browser.size(DESKTOP)

    def test_in_forced_colours_states_are_still_drawn(self):
        browser = self.browser
        failed = self.service.start("cg-hostile")
        browser.open("/runs/" + failed)
        browser.wait(lambda: browser.text("#run-summary .boxes .state") == "Failed")
        browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "forced-colors", "value": "active"}]})
        try:
            browser.open("/workflows/cg-hostile")
            browser.settle()
            browser.picture("workflow-forced")
            colours = browser.script("""return ['.grid .k-failed', '.grid .k-succeeded, .grid .k-blocked', '.grid thead a']
                .map((each) => document.querySelector(each)).filter((each) => each)
                .map((each) => getComputedStyle(each)).map((style) => [style.backgroundColor, style.borderTopWidth])""")
            self.assertTrue(colours)
            for colour, border in colours:
                self.assertEqual(border, "1px")
            self.assertNotIn(colours[0][0], ("rgb(255, 255, 255)", "rgb(0, 0, 0)", "rgba(0, 0, 0, 0)"))
        finally:
            browser.dark(False)

    def test_a_schedule_is_in_words_and_its_workflow_is_run_and_paused_there(self):
        browser = self.browser
        browser.open("/workflows/cg-nightly/schedule")
        self.assertIn("every day at 02:30 in New York", browser.text("#coming-ticks .facts"))
        browser.click("#schedule-actions .primary")
        browser.wait(lambda: browser.all("dialog[open] select[name=run_mode]"))
        browser.click("dialog [data-close]")
        browser.wait(lambda: not browser.all("dialog[open]"))
        self.assertIn("Pause", browser.text("#schedule-actions"))
        browser.size(PHONE)
        try:
            caption = browser.script("return document.querySelector('caption:not(.hidden)').getBoundingClientRect().height")
            self.assertLess(caption, 40)
        finally:
            browser.size(DESKTOP)

    def test_a_comparison_scrolls_in_its_boxes_on_a_phone(self):
        browser = self.browser
        first = self.service.start("cg-quick", "--wait")
        second = self.service.start("cg-quick", "--wait")
        browser.size(PHONE)
        try:
            browser.open(f"/runs/{second}/compare")
            browser.settle()
            rows = browser.script("return [...document.querySelectorAll('.sheet tr')].map((e) => getComputedStyle(e).display)")
            self.assertTrue(rows and all(each == "table-row" for each in rows), rows)
            overflow = browser.script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
            self.assertLessEqual(overflow, 0)
            browser.picture("compare-box-phone")
            browser.open("/settings/audit")
            browser.settle()
            place = browser.script("return document.querySelector('.top nav [aria-current]').getBoundingClientRect().right")
            self.assertLessEqual(place, PHONE[0])
        finally:
            browser.size(DESKTOP)
        self.assertNotEqual(first, second)


if __name__ == "__main__":
    unittest.main()
