"""A failed run is understood and settled from its page."""

import unittest

from selenium.webdriver.common.keys import Keys

from browser import DESKTOP, PHONE
from test_navigation import Navigation, setUpModule, tearDownModule  # noqa: F401

TAIL = """
id: cg-tail
name: Fails after many lines
type: test.tail
stages:
  - name: Load
    tasks:
      - id: load
        label: Load the rows
        type: test.load
        command: [python3, -c, 'import sys; [print(f"page {n}: read the rows of the warehouse " + "x " * 60) for n in range(90)]; print("ERROR duplicate keys"); sys.exit(1)']
"""


class Cards(Navigation):
    def failed(self, workflow="cg-shop"):
        run = self.service.start(workflow, "--wait", check=False)
        self.browser.open("/runs/" + run)
        self.browser.wait(lambda: self.browser.text("#run-summary .boxes .state") == "Failed")
        return run

    def actions(self):
        return [each.text for each in self.browser.all(".failed-task .button")]

    def test_a_task_is_skipped_by_the_mouse_and_the_card_says_that_it_is_settled(self):
        browser, run = self.browser, self.failed()
        self.assertEqual(self.actions(), ["Retry", "Skip", "Mark succeeded"])
        self.assertLess(browser.one(".failed-task .button").rect["y"], 900)
        browser.click(".failed-task .button[href$='=skip']")
        browser.wait(lambda: browser.all("dialog[open] input[value=skip]:checked"))
        self.assertEqual(browser.barriers(), [])
        browser.picture("card-skip")
        browser.one("dialog input[name=reason]").send_keys("closed today")
        browser.click("dialog button.primary")
        browser.wait(lambda: browser.path.startswith("/runs/wf-") and run not in browser.path)
        rerun = browser.path
        browser.wait(lambda: browser.text("#run-summary .boxes .state") == "Succeeded")
        browser.open("/runs/" + run)
        self.assertIn("its rerun succeeded", browser.text(".settled h2"))
        self.assertEqual(browser.one(".settled .rerun-note a").get_attribute("href"), browser.url + rerun)
        self.assertEqual(self.actions(), [])
        self.assertEqual(browser.barriers(), [])
        browser.picture("card-settled")

    def test_a_task_is_marked_by_the_keyboard_only(self):
        browser, run = self.browser, self.failed()
        for _ in range(40):
            if self.focused("e.textContent") == "Mark succeeded":
                break
            self.press(Keys.TAB)
        self.press(Keys.ENTER)
        browser.wait(lambda: browser.all("dialog[open] input[value=succeed]:checked"))
        # The dialog begins with the choice.
        browser.wait(lambda: self.focused("e.value") == "succeed")
        self.press(Keys.TAB)
        self.press("s", "e", "n", "t", Keys.ENTER)
        browser.wait(lambda: browser.path.startswith("/runs/wf-") and run not in browser.path)
        browser.wait(lambda: browser.text("#run-summary .boxes .state") == "Succeeded")
        self.assertIn("was marked as succeeded", browser.text("#run-summary"))
        self.assertIn("sent", browser.text("#run-summary"))

    def test_without_scripts_the_resolution_is_a_page(self):
        browser, run = self.browser, self.failed()
        browser.scripts(False)
        try:
            browser.open("/runs/" + run)
            browser.click(".failed-task .button[href$='=retry']")
            self.assertTrue(browser.one("input[value=retry]").is_selected())
            browser.picture("card-no-scripts")
        finally:
            browser.scripts(True)

    def test_the_last_lines_are_scrolled_to_their_end(self):
        browser = self.browser
        self.service.apply("cg-tail", TAIL)
        run = self.failed("cg-tail")
        for scripts in (True, False):
            browser.scripts(scripts)
            try:
                for size in (DESKTOP, PHONE):
                    with self.subTest(size=size, scripts=scripts):
                        browser.size(size)
                        browser.open("/runs/" + run)
                        pre = browser.one("#run-failure pre")
                        self.assertIn("ERROR duplicate keys", pre.text)
                        box = browser.one("#run-failure .log").rect
                        below = pre.rect["y"] + pre.rect["height"] - box["y"] - box["height"]
                        self.assertLessEqual(below, 0)
                        if size == PHONE:
                            self.assertGreater(pre.rect["height"], box["height"], "nothing has to be scrolled")
            finally:
                browser.scripts(True)
                browser.size(DESKTOP)
        browser.size(PHONE)
        browser.open("/runs/" + run)
        browser.picture("card-phone")
        self.assertEqual(browser.barriers(), [])
        browser.size(DESKTOP)

    def test_it_says_since_when_the_workflow_fails(self):
        browser = self.browser
        text = TAIL.replace("cg-tail", "cg-since")
        self.service.apply("cg-since", text.replace("exit(1)", "exit(0)"))
        good = self.service.start("cg-since", "--wait")
        self.service.apply("cg-since", text)
        first = self.failed("cg-since")
        since = browser.text(".since")
        self.assertIn("with version 1.", since)
        self.assertNotIn("First failed", since)
        self.failed("cg-since")
        since = browser.text(".since")
        self.assertRegex(since, r"First failed (just now|1 min ago) with version 2; 2 failed runs in a row\. Last good run")
        links = [each.get_attribute("href") for each in browser.all(".since a")]
        self.assertEqual(links[:2], [f"{browser.url}/runs/{first}", f"{browser.url}/runs/{good}"])
        self.assertIn("2 (current)", browser.text("#run-facts"))
        browser.picture("card-since")


if __name__ == "__main__":
    unittest.main()
