"""Graphs, timelines, logs and the history, each with the mouse and with the keyboard only."""

import re
import unittest

from selenium.webdriver.common.keys import Keys

from browser import DESKTOP, PHONE
from service import HOSTILE
from test_navigation import Navigation
from test_pages import setUpModule, tearDownModule  # noqa: F401


class Graphs(Navigation):
    def test_a_run_shows_its_graph_and_the_failed_task_is_the_stop_of_the_tab_key(self):
        browser = self.browser
        run = self.service.start("cg-stages", "--wait", check=False)
        browser.open("/runs/" + run)
        self.assertEqual(len(browser.all("#graph svg.graph > a")), 6)
        stops = browser.script("return [...document.querySelectorAll('#graph svg > a:not([tabindex])')].map((e) => e.textContent)")
        self.assertEqual(len(stops), 1)
        self.assertIn("Load the tiers", stops[0])
        self.assertEqual(len(browser.all("#graph .n-blocked")), 3)
        self.assertEqual(browser.barriers(), [])
        browser.picture("graph")
        # By keyboard: to the node behind the failed one, and into its details.
        browser.script("document.querySelector('#graph svg > a:not([tabindex])').focus()")
        self.press(Keys.ARROW_RIGHT)
        self.assertIn("Score members", self.focused("e.textContent"))
        before = browser.script("return document.querySelector('#graph svg').width.baseVal.value")
        self.press("+")
        self.assertGreater(browser.script("return document.querySelector('#graph svg').width.baseVal.value"), before)
        self.press("0", Keys.ENTER)
        browser.wait(lambda: "because Load the tiers did not succeed" in browser.text("dialog .not-run"))
        self.press(Keys.ESCAPE)
        browser.wait(lambda: not browser.all("dialog[open]"))
        browser.click("#graph [aria-label='Zoom out']")
        browser.script("document.querySelector('#graph .n-failed').dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true}))")
        browser.wait(lambda: "Load the tiers" in browser.text("dialog[open] h1"))

    def test_it_follows_the_run_and_hostile_names_are_text(self):
        browser = self.browser
        run = self.service.start("cg-gated")
        browser.open("/runs/" + run)
        browser.wait(lambda: browser.all("#graph .n-active"))
        self.service.touch("gate")
        self.service.touch("end")
        browser.wait(lambda: len(browser.all("#graph .n-succeeded")) == 2)
        self.assertIn("Wait for the gate: Succeeded", browser.text("#graph title"))
        browser.wait(lambda: browser.driver.title.startswith("Succeeded · "))
        self.assertIn("icon-succeeded.svg", browser.one("link[rel=icon]").get_attribute("href"))
        browser.open("/workflows/cg-hostile/definition")
        self.assertIn(HOSTILE, browser.text(".graph title"))

    def test_a_large_graph_has_a_page_of_its_own_and_is_loaded_on_request(self):
        browser = self.browser
        run = self.service.start("cg-large", "--wait", check=False)
        browser.open("/runs/" + run)
        self.assertEqual(browser.all("#graph svg.graph"), [])
        self.assertLess(browser.script(
            "return performance.getEntries().filter((e) => e.decodedBodySize).reduce((sum, e) => sum + e.decodedBodySize, 0)"), 150_000)
        browser.click("#graph summary")
        browser.wait(lambda: len(browser.all("#graph svg.graph > a")) == 4)
        browser.picture("graph-stages")
        # So are the tasks of a stage.
        browser.script("[...document.querySelectorAll('.task-group details')].pop().open = true")
        browser.wait(lambda: len(browser.all(".task-group details[open] tbody tr")) >= 50)
        self.assertEqual(browser.barriers(), [])
        # A text finds one among a thousand.
        self.press("/")
        self.assertEqual(self.focused("e.name"), "text")
        self.press("task 123", Keys.ENTER)
        browser.wait(lambda: "text=task%20123" in browser.path or "text=task+123" in browser.path)
        self.assertEqual(browser.text("#run-tasks .name > a"), "Task 123.")


class Items(Navigation):
    def test_a_group_is_opened_by_keyboard_and_stays_open_while_its_items_end(self):
        browser = self.browser
        run = self.service.start("cg-items")
        browser.open("/runs/" + run)
        browser.wait(lambda: "4 under way" in browser.text("details.items > summary"), "the items do not begin")
        loaded = browser.script("return window.weirLoaded")
        # By keyboard only: from the task to its items, and into one of them.
        browser.script("document.querySelector('#run-tasks .name > a').focus()")
        self.press(Keys.TAB)
        self.assertEqual(self.focused("e.parentElement.className + ' ' + e.tagName"), "items SUMMARY")
        self.press(Keys.ENTER)
        self.assertTrue(browser.all("details.items[open]"))
        self.assertIn("Load files [3] d.csv", browser.text("details.items a"))
        self.assertEqual(browser.barriers(), [])
        browser.picture("items")
        self.press(Keys.TAB)
        self.assertIn("Load files [0] a.csv", self.focused("e.textContent"))
        self.press(Keys.ENTER)
        browser.wait(lambda: "Load files [0] a.csv" in browser.text("dialog[open] h1"))
        self.press(Keys.ESCAPE)
        browser.wait(lambda: not browser.all("dialog[open]"))
        self.assertIn("Load files [0] a.csv", self.focused("e.textContent"))
        # An update changes the counts inside the open group, and the focus stays in it.
        self.service.touch("item-c.csv")
        browser.wait(lambda: "1 failed" in browser.text("details.items > summary"), "the counts do not follow")
        browser.wait(lambda: "Load files [2] c.csv" in browser.text("details.items[open] .why:nth-of-type(1) a"), "failed items are not first")
        self.assertTrue(self.focused("!!e.closest('details.items[open]')"))
        self.service.touch("item-a.csv")
        browser.wait(lambda: "1 of 6 succeeded" in browser.text("details.items[open] > summary"), "the group does not stay open")
        # All items of the group, also by keyboard.
        browser.script("[...document.querySelectorAll('details.items a')].pop().focus()")
        self.assertEqual(self.focused("e.textContent"), "All 6 items")
        self.press(Keys.ENTER)
        browser.wait(lambda: len(browser.all("dialog[open] table.items tbody tr")) == 6)
        self.assertEqual(browser.barriers(), [])
        self.press(Keys.ESCAPE)
        browser.wait(lambda: not browser.all("dialog[open]"))
        self.service.touch("end")
        browser.wait(lambda: browser.driver.title.startswith("Failed · "), "the run does not end")
        self.assertIn("5 of 6 succeeded, 1 failed", browser.text("details.items[open] > summary"))
        self.assertEqual(browser.script("return window.weirLoaded"), loaded)


class Timelines(Navigation):
    def test_bars_lead_to_their_task_and_say_why_it_waited(self):
        browser = self.browser
        run = self.service.start("cg-shop", "--wait", check=False)
        browser.open("/runs/" + run)
        titles = browser.text("#timeline-rows rect title")
        self.assertIn("Waited for retry", titles)
        self.assertIn(" after: ", titles)
        self.assertIn("for Pull orders", titles)
        self.assertIn("critical path", browser.text("#timeline-note"))
        ticks = browser.text("#timeline-scale text").split("\n")
        self.assertTrue(all(tick == "0" or tick.endswith((" s", " min")) for tick in ticks), ticks)
        browser.picture("timeline")
        browser.click("#timeline-rows .t-bars")
        browser.wait(lambda: browser.all("dialog[open] .task"))


class Logs(Navigation):
    def test_lines_have_addresses_levels_and_colours(self):
        browser = self.browser
        run = self.service.start("cg-levels", "--wait", check=False)
        task = self.service.tasks(run)[0]
        browser.open(f"/runs/{run}/tasks/{task}#L3")
        self.assertEqual(browser.text(".log .number:target"), "3")
        # A progress bar is one line.
        self.assertIn("3 100 %\n", browser.one(".log").text.replace("  ", " ") + "\n")
        self.assertNotIn("50 %", browser.text(".log"))
        self.assertEqual(browser.script("return getComputedStyle(document.querySelector('[data-fg=ff8700]')).color"), "rgb(255, 135, 0)")
        self.assertEqual(browser.barriers(), [])
        browser.picture("log-numbers")
        browser.click("select[name=level] option[value=error]")
        browser.click(".log-tools button")
        browser.wait(lambda: "1 match" in browser.text(".log-matches"))
        self.assertIn("ERROR no such table", browser.text(".log"))
        self.assertNotIn("WARN", browser.text(".log"))
        self.press("/")
        self.assertEqual(self.focused("e.name"), "q")
        browser.click(".wraps")
        self.assertEqual(browser.script("return getComputedStyle(document.querySelector('.log pre')).whiteSpace"), "pre")

    def test_a_long_log_opens_at_its_end_and_any_line_has_an_address(self):
        browser = self.browser
        run = self.service.start("cg-log", "--wait")
        task = self.service.tasks(run)[0]
        browser.open(f"/runs/{run}/tasks/{task}")
        self.assertIn("Only the end of the log is shown.", browser.text(".log-panel"))
        self.assertLess(browser.script("return performance.getEntriesByType('navigation')[0].responseEnd"), 300)
        browser.scripts(False)
        try:
            browser.open(f"/runs/{run}/tasks/{task}?line=800#L800")
            self.assertIn("row 800 of the", browser.one(".log").text)
            browser.click(".log-panel a[rel=next]")
            # The lines are long: 32 KiB are fewer than 500 of them.
            browser.wait(lambda: "line=" in browser.path and "line=800" not in browser.path)
            first = int(re.search("line=([0-9]+)", browser.path).group(1))
            self.assertTrue(800 < first < 1300, first)
            self.assertIn(f"row {first} of the", browser.one(".log").text)
        finally:
            browser.scripts(True)


    def test_a_growing_log_has_numbers_times_and_streams(self):
        browser = self.browser
        run = self.service.start("cg-streams")
        browser.wait(lambda: self.service.tasks(run))
        task = self.service.tasks(run)[0]
        browser.zone("Asia/Kathmandu")
        try:
            # Line 200 is not printed yet.
            browser.open(f"/runs/{run}/tasks/{task}#L200")
            browser.wait(lambda: browser.all("#L151.err"), "the line of standard error is not there")
            self.assertEqual(browser.text(".log .number.err"), "151")
            self.assertIn("<b id=evil> bad", browser.text(".log span.err"))
            self.assertEqual(browser.all("#evil"), [])
            self.assertIn("!", browser.script("return getComputedStyle(document.querySelector('#L151'), '::after').content"))
            self.assertTrue(browser.one("[data-follow]").is_selected())
            self.assertLess(browser.script("const log = document.querySelector('.log'); return log.scrollHeight - log.scrollTop - log.clientHeight"), 2)
            self.assertEqual(browser.barriers(), [])
            # Times, by keyboard, in the zone of the page; they stay chosen.
            self.assertFalse(browser.one(".log time").is_displayed())
            browser.script("document.querySelector('.timed').focus()")
            self.press(Keys.SPACE)
            time = browser.one("#L151 + time")
            self.assertTrue(time.is_displayed())
            utc = time.get_attribute("datetime")[11:23]
            hours, minutes, rest = utc.split(":")
            there = (int(hours) * 60 + int(minutes) + 5 * 60 + 45) % (24 * 60)
            self.assertEqual(time.text.strip(), f"{there // 60:02}:{there % 60:02}:{rest}")
            browser.picture("log-streams")
            # The line that the address names is shown when it comes, and following pauses.
            self.service.touch("gate")
            browser.wait(lambda: browser.all("#L200.sought"), "line 200 was not shown")
            self.assertFalse(browser.one("[data-follow]").is_selected())
            self.assertIn("row 200", browser.text(".log"))
            self.assertTrue(browser.script(
                """const line = document.querySelector('#L200').getBoundingClientRect();
                const frame = document.querySelector('.log').getBoundingClientRect();
                return line.top >= frame.top && line.bottom <= frame.bottom"""), "the line is not in sight")
            self.assertEqual(browser.text("#L200 + time").strip(), browser.script(
                "return new Date(Date.parse(document.querySelector('#L200 + time').dateTime) + 345 * 60000).toISOString().slice(11, 23)"))
            # The log goes on without moving what is read; a progress bar stays one line with its number.
            browser.wait(lambda: browser.all("#L261"))
            before = browser.script("return document.querySelector('.log').scrollTop")
            self.service.touch("end")
            browser.wait(lambda: "bar 90" in browser.text(".log"))
            browser.wait(lambda: "ended" in browser.text("[data-log-state]"))
            self.assertNotIn("bar 10", browser.text(".log"))
            self.assertEqual(len(browser.all("#L261")), 1)
            self.assertEqual(browser.script("return document.querySelector('.log').scrollTop"), before)
            numbers = browser.script("return [...document.querySelectorAll('.log .number')].map((each) => Number(each.textContent))")
            self.assertEqual(numbers, list(range(1, 262)))
            # One stream, by keyboard.
            browser.script("document.querySelector('select[name=stream]').focus()")
            self.press(Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.TAB, Keys.ENTER)
            browser.wait(lambda: "1 line" in browser.text(".log-matches"))
            self.assertIn("bad", browser.text(".log"))
            self.assertNotIn("row", browser.text(".log"))
            self.assertTrue(browser.one(".log time").is_displayed(), "times did not stay chosen")
            self.assertEqual(browser.barriers(), [])
        finally:
            browser.zone("")
            browser.script("sessionStorage.clear()")

    def test_a_log_without_scripts_has_times_in_utc_and_its_streams(self):
        browser = self.browser
        self.service.touch("gate")
        self.service.touch("end")
        run = self.service.start("cg-streams", "--wait")
        task = self.service.tasks(run)[0]
        browser.scripts(False)
        try:
            browser.open(f"/runs/{run}/tasks/{task}?line=151#L151")
            browser.click(".timed")
            time = browser.one("#L151 + time")
            self.assertTrue(time.is_displayed())
            self.assertEqual(time.text.strip(), time.get_attribute("datetime")[11:23])
            browser.click("select[name=stream] option[value=stdout]")
            browser.click(".log-tools button")
            browser.wait(lambda: "260 lines" in browser.text(".log-matches"))
            self.assertEqual(browser.all("#L151"), [])
        finally:
            browser.scripts(True)

    def test_a_log_of_which_a_megabyte_is_kept_opens_at_once_with_the_numbers_of_all_lines(self):
        browser = self.browser
        run = self.service.start("cg-megabyte", "--wait")
        task = self.service.tasks(run)[0]
        browser.open(f"/runs/{run}/tasks/{task}")
        self.assertLess(browser.script("return performance.getEntriesByType('navigation')[0].responseEnd"), 300)
        self.assertLess(browser.script("return performance.getEntriesByType('navigation')[0].decodedBodySize"), 150_000)
        last = browser.all(".log .number")[-1]
        self.assertEqual(last.text, "14000")
        # Without a parameter, an address leads to the part of the log that has the line.
        browser.open("/")
        browser.open(f"/runs/{run}/tasks/{task}#L9000")
        browser.wait(lambda: "line=9000" in browser.script("return location.href"), "the part with the line was not loaded")
        browser.wait(lambda: browser.all("#L9000"))
        self.assertEqual(browser.text(".log .number:target"), "9000")


class Histories(Navigation):
    def test_a_run_is_one_line_that_leads_to_it(self):
        browser = self.browser
        run = self.service.start("cg-hostile", "--wait", check=False)
        browser.size((1440, 900))
        browser.open("/runs")
        heights = browser.script("return [...document.querySelectorAll('.runs tbody tr')].map((e) => e.offsetHeight)")
        self.assertLess(max(heights), 44, heights)
        self.assertRegex(browser.text(f"#row-{run} td time"), "just now|min ago")
        self.assertRegex(browser.one(f"#row-{run} td time").get_attribute("title"), "UTC$")
        self.assertEqual(browser.barriers(), [])
        browser.picture("history-lines")
        # Anywhere in the row.
        browser.script("""const box = document.querySelector(arguments[0]).getBoundingClientRect();
            document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2).click()""", f"#row-{run} td:nth-child(3)")
        browser.wait(lambda: browser.path == "/runs/" + run)

    def test_the_chart_is_one_stop_of_the_tab_key_and_counts_follow(self):
        browser = self.browser
        browser.open("/runs?config_id=cg-quick")
        before = browser.text("#total")
        self.service.start("cg-quick", "--wait")
        browser.wait(lambda: browser.text("#total") != before, "the total does not follow")
        browser.wait(lambda: browser.all(".bars > a"))
        self.assertEqual(len(browser.all(".bars > a:not([tabindex])")), 1)
        browser.script("document.querySelector('.bars > a:not([tabindex])').focus()")
        self.press(Keys.HOME, Keys.ARROW_RIGHT)
        self.assertEqual(browser.script("return [...document.querySelectorAll('.bars > a')].indexOf(document.activeElement)"), 1)
        address = self.focused("e.getAttribute('href')")
        self.press(Keys.ENTER)
        browser.wait(lambda: browser.path == address)

    def test_new_runs_come_by_themselves_unless_the_reader_is_at_work(self):
        browser = self.browser
        browser.open("/runs?config_id=cg-quick")
        loaded = browser.script("return window.weirLoaded")
        first = self.service.start("cg-quick", "--wait")
        browser.wait(lambda: browser.all(f"#row-{first}"), "the new run does not come")
        browser.wait(lambda: "Succeeded" in browser.text(f"#row-{first} .state"), "the new row does not follow its run")
        browser.click(f"#row-{first} input[name=run]")
        second = self.service.start("cg-quick", "--wait")
        browser.wait(lambda: "newer run" in browser.text("#newer"), "no link to the newer run")
        self.assertEqual(browser.all(f"#row-{second}"), [])
        self.assertEqual(browser.script("return window.weirLoaded"), loaded)
        browser.click("#newer a")
        browser.wait(lambda: browser.all(f"#row-{second}"))

    def test_columns_are_chosen_and_stay(self):
        browser = self.browser
        def headings():
            return browser.text(".runs th").split("\n")
        browser.open("/runs?created_to=2023-12-01")
        self.assertEqual(len(headings()), 6)
        self.assertIn("Campaign send", browser.text(".runs .place"))
        browser.click(".page-head a[href^='/display']")
        for name in ("principal", "ended", "type"):
            browser.click(f"dialog[open] input[value={name}]")
        browser.picture("columns")
        browser.click("dialog[open] button.primary")
        browser.wait(lambda: browser.path == "/runs?created_to=2023-12-01" and len(headings()) == 4, "the columns stay")
        self.assertNotIn("Campaign send", browser.text(".runs .place"))
        browser.open("/runs?state=failed&created_to=2023-12-01")
        self.assertEqual(len(headings()), 4)
        browser.size(PHONE)
        try:
            self.assertEqual(
                browser.script("return [...document.querySelectorAll('.runs tbody tr:first-child td[data-label]')].map((e) => e.dataset.label)"),
                ["Status", "Started", "Duration"])
        finally:
            browser.size(DESKTOP)

    def test_no_page_keeps_a_slow_processor_busy(self):
        browser = self.browser
        run = self.service.start("cg-shop", "--wait", check=False)
        for path in ("/runs", f"/runs/{run}", "/workflows", "/workflows/cg-shop"):
            with self.subTest(path=path):
                # The quickest of three: other programs may keep the processor busy.
                self.assertEqual(min((browser.long_tasks(path) for _ in range(3)), key=sum), [])

    def test_on_a_phone_the_first_run_is_above_the_fold(self):
        browser = self.browser
        browser.size(PHONE)
        try:
            browser.open("/runs?created_to=2023-12-01")
            self.assertLess(browser.script("return document.querySelector('.runs tbody tr').getBoundingClientRect().top"), 844)
            browser.picture("history-phone-top")
        finally:
            browser.size(DESKTOP)

    def test_schedules_are_in_words_and_the_next_run_is_relative(self):
        browser = self.browser
        browser.open("/workflows/cg-nightly")
        self.assertIn("every day at 02:30 in New York", browser.text(".facts"))
        self.assertRegex(browser.text(".facts"), r"in \d+ (h|m)")


if __name__ == "__main__":
    unittest.main()
