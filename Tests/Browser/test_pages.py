"""The pages in a real browser, over a real service. `make test` runs these after the Swift tests."""

import unittest
from urllib.parse import urlsplit

from selenium.webdriver.common.keys import Keys

from browser import DESKTOP, PHONE, Browser
from service import HOSTILE, WORKFLOWS, Service

SERVICE = None
BROWSER = None


def setUpModule():
    global SERVICE, BROWSER
    SERVICE = Service()
    try:
        BROWSER = Browser(SERVICE.url)
    except BaseException:
        SERVICE.end()
        raise


def tearDownModule():
    BROWSER.quit()
    SERVICE.end()


class PageTest(unittest.TestCase):
    policy = "admin"

    def setUp(self):
        self.service, self.browser = SERVICE, BROWSER
        self.service.shut_gates()
        self.browser.size(DESKTOP)
        self.browser.sign_in(self.service.keys[self.policy])

    def tearDown(self):
        # Runs that still wait for a gate may continue.
        self.service.touch("gate")
        self.service.touch("end")
        self.assertEqual(self.browser.problems(), [])


class SigningIn(PageTest):
    def test_a_wrong_secret_is_refused_and_signing_out_ends_the_session(self):
        browser = self.browser
        browser.click(".visitor button")
        browser.wait(lambda: browser.path == "/sign-in")
        browser.open("/runs?state=failed")
        self.assertEqual(browser.path, "/sign-in?next=%2Fruns%3Fstate%3Dfailed")
        browser.one("input[name=client_id]").send_keys("unknown")
        browser.one("input[name=client_secret]").send_keys("wrong")
        browser.click("button.primary")
        browser.wait(lambda: "Unknown client id" in browser.text(".form-problem"))
        # The browser itself logs the 401 of that answer.
        noted = browser.problems()
        self.assertTrue(all("401" in each for each in noted), noted)
        key = self.service.keys["viewer"]
        browser.one("input[name=client_id]").clear()
        browser.one("input[name=client_id]").send_keys(key["client_id"])
        browser.one("input[name=client_secret]").send_keys(key["client_secret"])
        browser.click("button.primary")
        browser.wait(lambda: browser.path == "/runs?state=failed", "it does not go on to where one wanted to go")

    def test_the_session_is_out_of_reach_of_scripts_and_other_sites(self):
        cookie = self.browser.driver.get_cookie("__Host-weir-session")
        self.assertTrue(cookie["httpOnly"] and cookie["secure"])
        self.assertEqual(cookie["sameSite"], "Strict")
        self.assertEqual(cookie["path"], "/")
        self.assertEqual(self.browser.script("return document.cookie"), "")


class History(PageTest):
    policy = "viewer"

    def names(self):
        return self.browser.text(".runs .name > a").split("\n")

    def choose(self, group, value):
        """Clicks a value of the filter panel."""
        link = self.browser.script(
            """return [...document.querySelectorAll(`[aria-labelledby=facet-${arguments[0]}] li a`)]
                .find((e) => e.querySelector('.value').textContent.startsWith(arguments[1]))""", group, value)
        self.assertIsNotNone(link, f"no value {value}")
        link.click()

    def test_filters_narrow_the_list_and_are_in_the_address(self):
        browser = self.browser
        browser.open("/runs?created_to=2023-12-01")
        self.choose("state", "Failed")
        browser.wait(lambda: "state=failed" in browser.path)
        self.choose("type", "Campaign send")
        browser.wait(lambda: browser.path == "/runs?created_to=2023-12-01&state=failed&type=campaign.send")
        self.assertEqual(browser.one("#search").get_attribute("value"), "state:failed type:campaign.send until:2023-12-01")
        self.assertEqual(set(browser.text(".runs .state").split("\n")), {"Failed"})
        self.assertIn("The table is not there.", browser.text(".runs .why"))
        self.assertNotIn("Second line", browser.text(".runs .why"))
        self.assertIn("Customer", browser.text(".runs .blame"))
        self.assertRegex(browser.text(".failures"), r"Failed \d+: customer \d+; most: test/failed")
        # The numbers of a list of values do not depend on its own choice.
        self.assertNotEqual(browser.script(
            "return [...document.querySelectorAll('[aria-labelledby=facet-state] li')].find((e) => e.textContent.startsWith('Succeeded')).querySelector('.count').textContent"), "0")
        total = browser.text("#total")
        # The address shows the same list in another browser.
        shared = browser.driver.current_url
        browser.sign_in(self.service.keys["operator"])
        browser.open(shared)
        self.assertEqual(browser.text("#total"), total)
        # A second value is added, and the same link takes it away again.
        self.choose("state", "Stopped")
        browser.wait(lambda: "state=canceled&state=failed" in browser.path)
        self.choose("state", "Stopped")
        browser.wait(lambda: browser.driver.current_url == shared)

    def test_the_box_and_the_panel_show_the_same_search(self):
        browser = self.browser
        box = browser.one("#search")
        box.send_keys("state:failed type:campaign.send until:2023-12-01 took:>10m \"not there\"")
        box.submit()
        browser.wait(lambda: "text=not%20there" in browser.path and "q=" not in browser.path)
        self.assertEqual(browser.text("[aria-labelledby=facet-state] [aria-current] .value"), "Failed")
        self.assertEqual(browser.text("[aria-labelledby=facet-type] [aria-current] .value"), "Campaign send")
        self.assertEqual(browser.one("input[name=runtime_from]").get_attribute("value"), "10m")
        self.assertIn('"not there"', browser.text(".filter-chips"))
        browser.click(".filter-chips a")
        browser.wait(lambda: "text=" not in browser.path or "runtime_from=" not in browser.path)
        browser.one("#search").clear()
        browser.one("#search").send_keys("since:7d")
        browser.click(".search button")
        browser.wait(lambda: browser.path == "/runs?created_from=7d", "a relative time does not stay relative")
        browser.one("#search").clear()
        browser.click(".search button")
        browser.wait(lambda: browser.path == "/runs")

    def test_a_wrong_search_is_explained_beside_the_box_and_has_no_list(self):
        browser = self.browser
        browser.open("/runs?type=campaign.send&created_to=2023-12-01")
        before = self.names()
        browser.one("#search").clear()
        browser.one("#search").send_keys("stat:failed")
        browser.click(".search button")
        browser.wait(lambda: "unknown key" in browser.text("#search-problem"))
        self.assertEqual(browser.one("#search").get_attribute("value"), "stat:failed")
        self.assertEqual(browser.text("#search-problem mark"), "stat:failed")
        self.assertEqual((browser.all(".runs"), browser.all(".filters"), browser.all("#total")), ([], [], []))
        self.assertEqual(browser.barriers(), [])
        browser.picture("search-wrong")
        noted = browser.problems()
        self.assertTrue(all("400" in each for each in noted), noted)
        browser.click("#search-problem ~ p a")
        browser.wait(lambda: browser.path.startswith("/runs?") and "q=" not in browser.path)
        self.assertEqual(self.names(), before)
        box = browser.one("#search")
        box.clear()
        box.send_keys("state:failed")
        browser.click(".search button")
        browser.wait(lambda: browser.path == "/runs?state=failed")

    def test_keys_and_values_are_completed_with_the_keyboard(self):
        browser = self.browser
        browser.script("document.body.focus()")
        browser.one("body").send_keys("/")
        browser.wait(lambda: browser.script("return document.activeElement.id") == "search", "a slash does not go to the box")
        box = browser.one("#search")
        box.send_keys("stat")
        browser.wait(lambda: "state:" in browser.text(".completions"))
        self.assertEqual(box.get_attribute("aria-expanded"), "true")
        self.assertEqual(browser.barriers(), [])
        box.send_keys(Keys.ARROW_DOWN, Keys.ENTER)
        browser.wait(lambda: "failed" in browser.text(".completions"), "no values follow the key")
        box.send_keys("fai")
        browser.wait(lambda: len(browser.all(".completions li")) in range(1, 4))
        box.send_keys(Keys.ARROW_DOWN)
        active = box.get_attribute("aria-activedescendant")
        self.assertEqual(browser.text(f"#{active} code"), "failed")
        browser.picture("search-completions")
        box.send_keys(Keys.ENTER)
        self.assertEqual(box.get_attribute("value"), "state:failed ")
        box.send_keys("type:camp")
        browser.wait(lambda: "campaign.send" in browser.text(".completions"))
        browser.script("document.querySelector('.completions li').dispatchEvent(new MouseEvent('mousedown', {bubbles: true, cancelable: true}))")
        self.assertEqual(box.get_attribute("value"), "state:failed type:campaign.send ")
        box.send_keys("wor")
        browser.wait(lambda: "workflow:" in browser.text(".completions"))
        box.send_keys(Keys.ESCAPE)
        self.assertFalse(browser.one(".completions").is_displayed())
        box.send_keys(Keys.BACKSPACE * 3, Keys.ESCAPE, Keys.ENTER)
        browser.wait(lambda: browser.path == "/runs?state=failed&type=campaign.send")

    def test_the_headings_sort_in_both_directions(self):
        browser = self.browser
        browser.open("/runs?created_to=2023-12-01")
        def heading(text):
            return browser.script("return [...document.querySelectorAll('th.sort a')].find((e) => e.textContent.includes(arguments[0]))", text)
        heading("Duration").click()
        browser.wait(lambda: "sort=runtime" in browser.path and "order" not in browser.path)
        self.assertEqual(browser.one("th[aria-sort]").get_attribute("aria-sort"), "descending")
        longest = self.names()
        heading("Duration").send_keys(Keys.ENTER)
        browser.wait(lambda: "order=asc" in browser.path)
        self.assertEqual(browser.one("th[aria-sort]").get_attribute("aria-sort"), "ascending")
        self.assertEqual(set(longest) & set(self.names()), set())
        browser.click(".pager a[rel=next]")
        browser.wait(lambda: "after=" in browser.path and "order=asc" in browser.path)
        heading("Ended").click()
        browser.wait(lambda: "sort=ended" in browser.path and "after" not in browser.path)
        heading("Started").click()
        browser.wait(lambda: "sort" not in browser.path)

    def test_the_search_is_saved_as_a_view_and_deleted_again(self):
        browser = self.browser
        browser.open("/runs?state=failed")
        self.assertNotIn("Save this view", browser.text(".views"))
        browser.sign_in(self.service.keys["operator"])
        browser.open("/runs?state=failed&created_from=30d")
        browser.script("[...document.querySelectorAll('.views a')].find((e) => e.textContent === 'Save this view').click()")
        browser.one("dialog[open] input[name=name]").send_keys(HOSTILE)
        self.assertIn("state:failed since:30d", browser.text("dialog code"))
        self.assertEqual(browser.barriers(), [])
        browser.click("dialog button.primary")
        browser.wait(lambda: browser.text(".views [aria-current]") == HOSTILE)
        self.assertEqual(browser.path, "/runs?created_from=30d&state=failed")
        browser.picture("views")
        browser.open("/views")
        self.assertEqual(browser.barriers(), [])
        browser.picture("views-list")
        browser.click(".saved .act a")
        browser.click("dialog[open] button.danger")
        browser.wait(lambda: "No saved views yet" in browser.text("main"))
        self.assertEqual(browser.path, "/views")

    def test_the_list_is_exported_as_it_is_filtered(self):
        browser = self.browser
        browser.open("/runs?type=campaign.send&state=failed&created_to=2023-12-01")
        expected = int(browser.text("#total").split()[0])
        browser.click(".menu summary.button")
        for name in ("CSV", "NDJSON"):
            link = browser.script("return [...document.querySelectorAll('.menu a')].find((e) => e.textContent === arguments[0]).href", name)
            text = browser.driver.execute_async_script(
                "const done = arguments[arguments.length - 1]; fetch(arguments[0]).then((r) => r.text()).then(done);", link)
            self.assertEqual(len([line for line in text.splitlines() if "wf-20231101" in line]), expected, name)
        browser.picture("export")

    def test_on_a_phone_the_filters_are_folded(self):
        browser = self.browser
        browser.size(PHONE)
        browser.open("/runs?created_to=2023-12-01")
        self.assertFalse(browser.one("[aria-labelledby=facet-state]").is_displayed())
        self.assertLess(browser.script("return document.querySelector('.runs').getBoundingClientRect().top"), 844)
        browser.click(".panel-fold > summary")
        browser.wait(lambda: browser.one("[aria-labelledby=facet-state]").is_displayed())
        self.assertEqual(browser.barriers(), [])
        browser.picture("filters-phone")
        overflow = browser.script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
        self.assertLessEqual(overflow, 0)
        self.choose("state", "Failed")
        browser.wait(lambda: "state=failed" in browser.path)
        browser.one("th.sort a").click()
        browser.wait(lambda: "order=asc" in browser.path)

    def test_without_scripts_the_box_and_the_panel_work(self):
        browser = self.browser
        browser.scripts(False)
        try:
            browser.open("/runs")
            browser.one("#search").send_keys("state:failed until:2023-12-01")
            browser.click(".search button")
            browser.wait(lambda: browser.path == "/runs?created_to=2023-12-01&state=failed")
            browser.click(".panel-fold > summary")
            browser.click("[aria-labelledby=facet-attribution] li a")
            browser.wait(lambda: "attribution=customer" in browser.path)
        finally:
            browser.scripts(True)

    def test_pages_go_forth_and_back(self):
        browser = self.browser
        browser.open("/runs?type=courier.group%2Frun&created_to=2023-12-01")
        first = self.names()
        self.assertIn("44 runs", browser.text("#total"))
        browser.open("/runs?created_to=2023-11-17")
        first = self.names()
        self.assertEqual(len(first), 30)
        self.assertIn("80 runs", browser.text("#total"))
        browser.click(".pager a[rel=next]")
        browser.wait(lambda: "after=" in browser.path)
        second = self.names()
        self.assertEqual(len(set(first) & set(second)), 0)
        browser.click(".pager a[rel=next]")
        browser.wait(lambda: self.names() != second)
        self.assertEqual(len(self.names()), 20)
        self.assertEqual(browser.all(".pager a[rel=next]"), [])
        browser.click(".pager a[rel=prev]")
        browser.wait(lambda: self.names() == second)
        browser.click(".pager a[rel=prev]")
        browser.wait(lambda: self.names() == first)
        self.assertEqual(browser.all(".pager a[rel=prev]"), [])

    def test_a_bar_of_the_chart_narrows_the_list_to_its_time(self):
        browser = self.browser
        browser.open("/runs?created_from=2023-11-01&created_to=2023-11-21")
        bar = browser.script(
            "return [...document.querySelectorAll('.bars a')].find((a) => a.querySelector('.bar')).getAttribute('href')")
        browser.script("[...document.querySelectorAll('.bars a')].find((a) => a.querySelector('.bar')).dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true}))")
        browser.wait(lambda: browser.path == bar)
        self.assertIn("5 runs", browser.text("#total"))

    def test_days_of_deleted_runs_are_drawn_apart_and_are_no_links(self):
        browser = self.browser
        for size, name in ((DESKTOP, "desktop"), (PHONE, "phone")):
            browser.size(size)
            browser.open("/runs?created_from=2022-05-01&created_to=2022-05-20")
            self.assertEqual(len(browser.all(".bars g .bar.deleted")), 15)
            self.assertEqual(browser.all(".bars a .bar"), [])
            self.assertIn("Deleted by retention 40", browser.text(".chart figcaption"))
            labels = browser.script("return [...document.querySelectorAll('.bars g')].map((g) => g.getAttribute('aria-label'))")
            self.assertEqual(len(labels), 10)
            self.assertTrue(all(": deleted by retention: " in label for label in labels), labels)
            self.assertIn("Retention deleted the runs of this time", browser.text("main"))
            self.assertEqual(browser.barriers(), [])
            browser.picture(f"deleted-runs-{name}")

    def test_a_viewer_sees_nothing_that_changes_anything_and_is_refused_it(self):
        browser = self.browser
        run = self.service.start("cg-gated")
        browser.open("/runs/" + run)
        links = [link.get_attribute("href") for link in browser.all("#run-actions a")]
        self.assertEqual([link for link in links if not link.endswith("/compare")], [])
        self.assertNotIn("API keys", browser.text(".top nav"))
        statuses = browser.driver.execute_async_script(
            """const done = arguments[arguments.length - 1];
            const token = document.querySelector('[name=form_token]').value;
            const body = new URLSearchParams({ form_token: token });
            Promise.all([fetch(arguments[0], { method: 'POST', body }), fetch('/settings/keys'), fetch('/workflows/cg-quick/run')])
              .then((answers) => done(answers.map((each) => each.status)));""", f"/runs/{run}/stop")
        self.assertEqual(statuses, [403, 403, 403])
        noted = browser.problems()
        self.assertTrue(all("403" in each for each in noted), noted)


class Running(PageTest):
    policy = "operator"

    def test_a_run_goes_from_scheduled_to_succeeded_without_loading_again(self):
        browser = self.browser
        run = self.service.start("cg-gated")
        row = f"#row-{run}"
        browser.open("/runs")
        loaded = browser.script("return window.weirLoaded")
        browser.script("document.querySelector(arguments[0] + ' .name a').focus()", row)
        browser.wait(lambda: "In progress" in browser.text(row + " .state"))
        self.service.touch("gate")
        self.service.touch("end")
        browser.wait(lambda: "Succeeded" in browser.text(row + " .state"), "the row did not follow the run")
        self.assertEqual(browser.script("return window.weirLoaded"), loaded)
        self.assertTrue(browser.script("return document.activeElement.closest(arguments[0]) !== null", row), "focus was lost")

    def test_the_page_of_a_run_follows_it_and_its_log_grows(self):
        browser = self.browser
        run = self.service.start("cg-gated")
        browser.open("/runs/" + run)
        loaded = browser.script("return window.weirLoaded")
        browser.wait(lambda: "Running" in browser.text("#run-tasks .state"))
        self.assertIn("Never in a full run", browser.text("#run-tasks"))
        # The log, in a dialog with an address of its own.
        browser.click("#run-tasks .name a")
        browser.wait(lambda: "/tasks/" in browser.path and browser.all("dialog[open] .log"))
        browser.wait(lambda: "first line" in browser.text("dialog .log"))
        self.service.touch("gate")
        browser.wait(lambda: "green second line" in browser.text("dialog .log"), "the log did not grow")
        self.assertEqual(browser.text("dialog .log .a32"), "green")
        task = browser.path
        self.service.touch("end")
        browser.wait(lambda: "Succeeded" in browser.text("dialog #task-details .boxes .state"))
        browser.wait(lambda: "ended" in browser.text("dialog [data-log-state]"))
        browser.driver.back()
        browser.wait(lambda: not browser.all("dialog[open]") and browser.path == "/runs/" + run)
        browser.wait(lambda: "Succeeded" in browser.text("#run-summary .boxes .state"))
        self.assertEqual(browser.script("return window.weirLoaded"), loaded)
        browser.click("#tasks .panel-head a.button")
        browser.wait(lambda: "skipped=hide" in browser.path)
        self.assertNotIn("Never in a full run", browser.text("#run-tasks"))
        # The address of the dialog is a page of its own.
        browser.open(task)
        self.assertIn("green second line", browser.text(".log"))
        browser.open(task + "?q=SECOND")
        self.assertEqual(browser.text(".log mark"), "second")

    def test_a_visitor_who_asks_for_it_is_told_when_the_run_ends(self):
        browser = self.browser
        browser.allow("notifications")
        run = self.service.start("cg-gated")
        browser.open("/runs/" + run)
        browser.wait(lambda: browser.one("[data-notice]").is_displayed())
        browser.script("window.told = []; Notification = class extends Notification { constructor(text) { super(text); told.push(text); } }")
        browser.click("[data-notice]")
        browser.wait(lambda: browser.all("[data-notice][aria-pressed=true]"))
        self.assertEqual(browser.barriers(), [])
        self.service.touch("gate")
        self.service.touch("end")
        browser.wait(lambda: browser.script("return window.told.length") == 1)
        self.assertIn("Succeeded · ", browser.script("return window.told[0]"))
        self.assertFalse(browser.one("[data-notice]").is_displayed())
        self.assertEqual(browser.script("return sessionStorage.length"), 0)

    def test_where_no_events_come_through_the_page_asks_again(self):
        browser = self.browser
        added = browser.driver.execute_cdp_cmd(
            "Page.addScriptToEvaluateOnNewDocument", {"source": "delete window.EventSource"})
        try:
            run = self.service.start("cg-gated")
            browser.open("/runs/" + run)
            self.assertFalse(browser.script("return 'EventSource' in window"))
            loaded = browser.script("return window.weirLoaded")
            browser.wait(lambda: "Running" in browser.text("#run-tasks .state"))
            self.service.touch("gate")
            self.service.touch("end")
            browser.wait(lambda: "Succeeded" in browser.text("#run-summary .boxes .state"), "the page did not ask again")
            self.assertEqual(browser.script("return window.weirLoaded"), loaded)
        finally:
            browser.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", {"identifier": added["identifier"]})

    def test_a_run_is_stopped_after_asking(self):
        browser = self.browser
        run = self.service.start("cg-gated")
        browser.open("/runs/" + run)
        browser.wait(lambda: "Running" in browser.text("#run-tasks .state"))
        browser.click("#run-actions a.danger")
        browser.wait(lambda: browser.all("dialog[open] button.danger"))
        browser.click("dialog[open] button.danger")
        browser.wait(lambda: browser.path == "/runs/" + run)
        browser.wait(lambda: "Stopped" in browser.text("#run-summary .boxes .state"))
        self.assertRegex(browser.text(".stop-note"), r"Stopped by operator of the tests at .*\d\d:\d\d")
        self.assertEqual(browser.all(".problem, .blame"), [])
        browser.open("/runs")
        row = browser.text(f"#row-{run}")
        self.assertIn("Stopped by operator of the tests at", row)
        self.assertEqual(browser.all(f"#row-{run} .blame"), [])
        browser.open("/runs/" + run)
        self.assertEqual(browser.all("#run-actions a.danger"), [])

    def test_a_failed_run_is_mended_from_where_it_failed(self):
        browser = self.browser
        run = self.service.start("cg-mend")
        browser.open("/runs/" + run)
        browser.wait(lambda: "Failed" in browser.text("#run-summary .boxes .state"))
        self.service.touch("mended")
        browser.wait(lambda: browser.all("#run-actions a[href$='/rerun']"))
        browser.click("#run-actions a[href$='/rerun']")
        browser.wait(lambda: browser.all("dialog[open] button.primary"))
        self.assertIn("1 task will run", browser.text("dialog .names"))
        self.assertIn("1 task succeeded and is kept", browser.text("dialog .names"))
        browser.click("dialog button.primary")
        browser.wait(lambda: "/rerun" not in browser.path and browser.path != "/runs/" + run)
        browser.wait(lambda: "Succeeded" in browser.text("#run-summary .boxes .state"))
        self.assertIn("Kept from " + run, browser.text("#run-tasks"))
        self.assertIn(run, browser.text(".facts"))
        browser.open("/runs/" + run)
        self.assertIn("Rerun as", browser.text(".facts"))

    def test_a_run_is_compared_with_what_is_configured_now_and_with_the_last_good_one(self):
        browser = self.browser
        text = WORKFLOWS["cg-quick"].replace("cg-quick", "cg-changed")
        self.service.apply("cg-changed", text)
        good = self.service.start("cg-changed", "--wait")
        self.service.apply("cg-changed", text.replace("echo unified", "exit 3"))
        run = self.service.start("cg-changed")
        browser.open("/runs/" + run)
        browser.wait(lambda: "Failed" in browser.text("#run-summary .boxes .state"))
        self.service.apply("cg-changed", text.replace("echo unified", "echo mended"))
        browser.open(f"/runs/{run}/compare")
        browser.picture("compare-changed")
        since = browser.text("#since-launch")
        self.assertIn("exit 3", since)
        self.assertIn("echo mended", since)
        against = browser.text("#last-good")
        self.assertIn(good, against)
        self.assertIn("echo unified", against)
        self.assertIn("Failed", against)

    def test_a_workflow_shows_its_runs_task_by_task_and_leads_to_each_by_keyboard(self):
        browser = self.browser
        run = self.service.start("cg-hostile")
        browser.open("/workflows")
        browser.click("#config-cg-hostile .name a")
        browser.wait(lambda: browser.path == "/workflows/cg-hostile")
        browser.wait(lambda: "failed" in browser.text("#broken-title"))
        browser.wait(lambda: browser.all(f".strip a[href='/runs/{run}'] .k-failed"))
        cells = browser.all(f".grid a.k-failed[href^='/runs/{run}/tasks/']")
        self.assertEqual(len(cells), 1)
        self.assertRegex(cells[0].get_attribute("title"), "^Failed, .*s$")
        # From the run's heading down to its failed task, by the arrow keys only.
        browser.script("document.querySelector('.grid thead th:last-child a').focus()")
        for _ in range(20):
            browser.driver.switch_to.active_element.send_keys(Keys.ARROW_DOWN)
            if "k-failed" in browser.driver.switch_to.active_element.get_attribute("class"):
                break
        browser.driver.switch_to.active_element.send_keys(Keys.ENTER)
        browser.wait(lambda: browser.path.startswith(f"/runs/{run}/tasks/"))
        browser.open("/workflows/cg-hostile/definition")
        self.assertIn("This is the first version.", browser.text("main"))

    def test_a_schedule_shows_its_ticks_as_they_come(self):
        browser = self.browser
        browser.open("/workflows")
        browser.click("#config-cg-nightly a[href$='/schedule']")
        browser.wait(lambda: browser.path == "/workflows/cg-nightly/schedule")
        self.assertRegex(browser.text("#coming-ticks"), r"0[67]:30:00.* 02:30:00-0[45]:00")
        self.assertIn("No tick has been due yet", browser.text("#past-ticks"))
        # While the page is open: the morning on which the clocks were set forward, and the one before.
        self.service.weir("backfill", "cg-nightly", "--from", "2024-03-09T00:00:00Z", "--to", "2024-03-11T00:00:00Z")
        browser.wait(lambda: len(browser.all("#past-ticks tbody tr")) == 2)
        self.assertIn("backfilled", browser.text("#past-ticks"))
        self.assertIn("Mar 10, 2024, 07:00", browser.text("#past-ticks"))

    def test_a_workflow_is_run_with_a_mode_and_dates(self):
        browser = self.browser
        browser.open("/workflows")
        browser.click("#config-cg-quick .act a")
        browser.wait(lambda: browser.all("dialog[open] select[name=run_mode]"))
        browser.script("document.querySelector('dialog [name=range_from]').value = '2024-02-01T00:00:00'")
        browser.script("document.querySelector('dialog [name=range_to]').value = '2024-01-01T00:00:00'")
        browser.click("dialog button.primary")
        browser.wait(lambda: "To is before From" in browser.text(".form-problem"))
        noted = browser.problems()
        self.assertTrue(all("400" in each for each in noted), noted)
        browser.script("document.querySelector('[name=range_to]').value = '2024-03-01T00:00:00'")
        browser.click("button.primary")
        browser.wait(lambda: browser.path.startswith("/runs/wf-"))
        browser.wait(lambda: "Succeeded" in browser.text("#run-summary .boxes .state"))
        self.assertIn("Feb 1, 2024", browser.text(".facts"))
        browser.click("#run-tasks .name a")
        browser.wait(lambda: "job-77" in browser.text("dialog .facts"))
        self.assertIn('"rows": 3', browser.text("dialog .values pre"))


class Stages(PageTest):
    def test_what_was_not_run_because_of_a_failure_is_told_apart(self):
        browser = self.browser
        run = self.service.start("cg-stages", "--wait", check=False)
        browser.open("/runs/" + run)
        self.assertIn("1 of 2 succeeded, 1 failed", browser.text("#stage-1"))
        self.assertIn("1 of 4 succeeded, 3 not run", browser.text("#stage-2"))
        self.assertEqual(browser.all("#stage-2 .s-succeeded"), [])
        self.assertEqual(browser.text("#run-tasks .state").split("\n"), ["Failed", "Succeeded", "Succeeded", "Not run", "Not run", "Not run"])
        self.assertIn("3 not run: needed Load the tiers (Score members, Segment members, Notify members)", browser.text(".not-run"))
        browser.picture("stages")
        browser.click("#t-3 .name a")
        browser.wait(lambda: "because Load the tiers did not succeed" in browser.text("dialog .not-run"))


class LargeRuns(PageTest):
    def test_the_failed_task_of_a_thousand_is_on_the_first_screen_and_the_page_is_light(self):
        browser = self.browser
        with self.service.holding():
            run = self.service.start("cg-large")
            browser.open("/runs/" + run)
            loaded = browser.script("return window.weirLoaded")
            browser.wait(lambda: "Running" in browser.text("#run-tasks .state"), "no running task is shown")
            browser.wait(lambda: "running" in browser.text(".timeline svg title"), "the timeline shows no running task")
        browser.wait(lambda: browser.text("#run-summary .boxes .state") == "Failed", seconds=240)
        self.assertEqual(browser.script("return window.weirLoaded"), loaded)
        for name in ("followed", "opened"):
            with self.subTest(page=name):
                if name == "opened":
                    browser.open("/runs/" + run)
                    self.assertLess(len(browser.driver.page_source.encode()), 100_000)
                self.assertEqual(browser.text("#timeline-rows .t-label").split("\n")[0], "Task 700.")
                # The tables have 50 tasks; a timeline of as many would push them out of sight.
                self.assertEqual(len(browser.all("#timeline-rows .t-row")), 20)
                self.assertLess(browser.script("return document.querySelector('.failed-task a').getBoundingClientRect().bottom"), 900)
                self.assertIn("shows 20 of 1,000 tasks, among them all that failed or are running.", browser.text("#timeline-note"))
                self.assertIn("50 of 1,000 tasks are shown: all tasks that failed or are running", browser.text("#tasks-note"))
                self.assertIn("249 of 250 succeeded, 1 failed", browser.text("#stage-3"))
                self.assertIn("0 of 250 succeeded, 250 not run", browser.text("#stage-4"))
                widths = browser.script(
                    "return [...document.querySelectorAll('#timeline-rows svg')].map((e) => e.getAttribute('viewBox'))")
                self.assertEqual(len(set(widths)), 1, "all rows have one scale")
        browser.picture("large-top")
        self.assertEqual(browser.barriers(), [])
        browser.size(PHONE)
        browser.picture("large-phone")
        browser.size(DESKTOP)
        # The page links to the tasks that it leaves out; the link works without JavaScript.
        browser.scripts(False)
        try:
            browser.open(f"/runs/{run}?tasks=all")
            seen = []
            while True:
                seen += browser.one("#run-tasks").text.split("Task ")[1:]
                after = browser.all(".pager a[rel=next]")
                if not after:
                    break
                browser.open(after[0].get_attribute("href"))
        finally:
            browser.scripts(True)
        self.assertGreaterEqual(len(seen), 1000)


class Definitions(PageTest):
    def test_a_definition_is_written_checked_and_changed_in_the_browser(self):
        browser = self.browser
        browser.open("/workflows")
        browser.click(".page-head .actions a")
        browser.wait(lambda: browser.path == "/new-workflow")
        self.assertEqual(browser.barriers(), [])
        browser.picture("edit-new")
        browser.script("const t = document.getElementById('text'); t.value = t.value.replace('type: shell', 'typ: shell')")
        browser.click("button[value=check]")
        browser.wait(lambda: browser.all(".problems li"))
        self.assertTrue(all("400" in each for each in browser.problems()))
        self.assertIn("typ: shell", browser.text(".problems li"))
        browser.click(".problems li:last-child a[data-line]")
        selected = browser.script("const t = document.getElementById('text'); return t.value.slice(t.selectionStart, t.selectionEnd)")
        self.assertEqual(selected.strip(), "typ: shell")
        self.assertEqual(browser.barriers(), [])
        browser.picture("edit-problems")
        browser.size(PHONE)
        browser.picture("edit-problems-phone")
        browser.size(DESKTOP)
        browser.script("const t = document.getElementById('text'); t.value = t.value.replace('typ: shell', 'type: shell')")
        browser.click("button[value=apply]")
        browser.wait(lambda: browser.path == "/workflows/hello")
        browser.click("a[href='/workflows/hello/edit']")
        browser.wait(lambda: browser.all("#text"))
        browser.script("const t = document.getElementById('text'); t.value += 'labels: {team: crm}\\n'")
        browser.click("button[value=check]")
        browser.wait(lambda: "creates version 2" in browser.text("[role=status]"))
        self.assertIn("1 line was added", browser.text("main"))
        browser.picture("edit-valid")
        browser.click("button[value=apply]")
        browser.wait(lambda: browser.path == "/workflows/hello" and "team:crm" in browser.text("main"))


class Zones(PageTest):
    def test_every_time_of_a_page_is_in_the_zone_that_it_names(self):
        browser = self.browser
        run = self.service.start("cg-quick", "--wait", "--range-from", "2024-02-01T00:00:00Z", "--range-to", "2024-02-02T12:00:00Z")
        task = self.service.tasks(run)[0]
        pages = ["/runs", f"/runs/{run}", f"/runs/{run}/tasks/{task}", f"/runs/{run}/compare", "/workflows", "/settings/keys",
                 "/runs?created_from=2023-11-02T00:00:00Z&created_to=2023-11-09T00:00:00Z"]
        for zone, name in (("Asia/Kathmandu", r"Asia/Kath?mandu \(UTC\+05:45\)"), ("America/New_York", r"America/New_York \(UTC−0[45]:00\)"), ("UTC", "UTC")):
            browser.zone(zone)
            try:
                for path in pages:
                    with self.subTest(zone=zone, page=path):
                        browser.open(path)
                        self.assertRegex(browser.text(".zone-note"), f"Times on this page are in {name}\\.")
                        shown = browser.script(
                            "return document.querySelector('main').innerText + [...document.querySelectorAll('.bars a')].map((e) => e.getAttribute('aria-label')).join(' ')")
                        self.assertNotRegex(shown, r"\d UTC|\d\dZ")
                if zone == "Asia/Kathmandu":
                    browser.open(f"/runs/{run}")
                    self.assertIn("Feb 1, 2024, 05:45 – Feb 2, 2024, 17:45", browser.text("#run-facts"))
                    browser.open(pages[-1])
                    self.assertEqual(browser.one("input[type=datetime-local][name=created_from]").get_attribute("value"), "2023-11-02T05:45")
                    browser.click(".more button.primary")
                    # The page writes the same times in their shortest form.
                    browser.wait(lambda: browser.path == "/runs?created_from=2023-11-02&created_to=2023-11-09",
                                 "what the fields show is not what is sent")
            finally:
                browser.zone("")

    def test_without_scripts_all_of_it_is_in_utc(self):
        browser = self.browser
        run = self.service.start("cg-quick", "--wait", "--range-from", "2024-02-01T00:00:00Z", "--range-to", "2024-02-02T12:00:00Z")
        browser.zone("Asia/Kathmandu")
        browser.scripts(False)
        try:
            browser.open("/runs/" + run)
            self.assertIn("Times on this page are in UTC.", browser.one(".zone-note").text)
            self.assertIn("1 Feb 2024, 00:00:00 UTC – 2 Feb 2024, 12:00:00 UTC", browser.one("#run-facts").text)
        finally:
            browser.scripts(True)
            browser.zone("")


class Logs(PageTest):
    def test_the_whole_stored_log_is_searched(self):
        browser = self.browser
        run = self.service.start("cg-log", "--wait")
        browser.open("/runs/" + run)
        browser.click("#run-tasks .name a")
        browser.one("dialog[open] input[name=q]").send_keys("warehouse")
        browser.click("dialog .log-tools button")
        browser.wait(lambda: "Match 1 of 1,602" in browser.text("dialog .log-matches"))
        self.assertIn("row 1 of the", browser.text("dialog .log"))
        browser.click("dialog .log-matches a[rel=next]")
        browser.wait(lambda: "Match 2 of 1,602" in browser.text("dialog .log-matches"))
        self.assertEqual(browser.text("dialog mark.current"), "WARE\nHOUSE")
        self.assertTrue(browser.script(
            """const mark = document.querySelector('dialog #match').getBoundingClientRect();
            const frame = document.querySelector('dialog .log').getBoundingClientRect();
            return mark.top >= frame.top && mark.bottom <= frame.bottom"""), "the match is not in sight")
        browser.picture("log-search")
        self.assertEqual(browser.barriers(), [])
        task = self.service.tasks(run)[0]
        browser.scripts(False)
        try:
            browser.open(f"/runs/{run}/tasks/{task}?q=warehouse&match=801")
            self.assertIn("Match 801 of 1,602", browser.one(".log-matches").text)
            browser.click(".log-matches a[rel=prev]")
            browser.wait(lambda: "match=800" in browser.path)
            self.assertIn("row 800 of the WAREHOUSE", browser.one(".log").text)
            browser.one("input[name=q]").clear()
            browser.one("input[name=q]").send_keys("row 1602 of")
            browser.click(".log-tools button")
            browser.wait(lambda: "Match 1 of 1" in browser.one(".log-matches").text)
        finally:
            browser.scripts(True)


class Safety(PageTest):
    def test_names_errors_and_logs_full_of_markup_are_shown_as_text(self):
        browser = self.browser
        run = self.service.start("cg-hostile")
        browser.open("/runs/" + run)
        browser.wait(lambda: "Failed" in browser.text("#run-summary .boxes .state"))
        self.assertEqual(browser.text("h1"), HOSTILE)
        self.assertIn(HOSTILE, browser.text(".problem .message"))
        task = browser.one("#run-tasks .name a").get_attribute("href")
        for page in ("/runs", "/workflows", "/runs/" + run, task):
            browser.open(page)
            self.assertEqual(browser.script("return document.querySelectorAll('main img, main script').length"), 0)
            self.assertEqual(browser.script("return window.weirReports"), [])
        self.assertIn(HOSTILE, browser.text(".log"))
        self.assertIn("link red", browser.text(".log"))
        self.assertEqual(browser.all(".log a:not(.number)"), [])

    def test_keys_are_made_rotated_and_dropped(self):
        browser = self.browser
        browser.open("/settings/keys")
        browser.click(".actions a")
        browser.one("dialog[open] input[name=name]").send_keys(HOSTILE)
        browser.click("dialog button.primary")
        secret = browser.one("#client-secret").text
        identifier = browser.text(".copy").split("\n")[0]
        self.assertGreater(len(secret), 40)
        browser.click("a.primary")
        browser.wait(lambda: browser.path == "/settings/keys")
        self.assertIn(HOSTILE, browser.text(f"#key-{identifier}"))
        self.assertNotIn(secret, browser.driver.page_source)
        browser.click(f"#key-{identifier} a[href$=token]")
        days = browser.one("dialog[open] input[name=days]")
        days.clear()
        days.send_keys("90")
        browser.click("dialog button.primary")
        token = browser.one("#access-token").text
        self.assertEqual(token.count("."), 2)
        self.assertEqual(browser.all("#client-secret"), [])
        browser.click("a.primary")
        browser.wait(lambda: browser.path == "/settings/keys")
        self.assertNotIn(token, browser.driver.page_source)
        browser.click(f"#key-{identifier} a[href$=token]")
        browser.click("dialog[open] input[name=rotate]")
        browser.click("dialog button.primary")
        rotated = browser.one("#client-secret").text
        self.assertNotEqual(rotated, secret)
        browser.open("/settings/keys")
        browser.click(f"#key-{identifier} a[href$=rotate]")
        browser.click("dialog button.primary")
        self.assertNotIn(browser.one("#client-secret").text, (secret, rotated))
        browser.open("/settings/keys")
        browser.click(f"#key-{identifier} a[href$=drop]")
        browser.click("dialog button.primary.danger")
        browser.wait(lambda: not browser.all(f"#key-{identifier}") and browser.path == "/settings/keys")


class Acting(PageTest):
    def failed(self, workflow):
        browser, run = self.browser, self.service.start(workflow)
        browser.open("/runs/" + run)
        browser.wait(lambda: browser.text("#run-summary .boxes .state") == "Failed")
        return run

    def test_failed_runs_are_chosen_previewed_and_resolved_at_once_with_receipts(self):
        browser = self.browser
        runs = [self.failed("cg-shop"), self.failed("cg-shop")]
        browser.open("/runs?state=failed&config_id=cg-shop")
        for run in runs:
            browser.click(f"input[name=run][value='{run}']")
        browser.click("#bulk button[value=resolve]")
        browser.wait(lambda: browser.text("main h1") == "Resolve 2 runs?")
        self.assertIn("Failed", browser.text(".facts"))
        self.assertIn(runs[0], browser.text(".names"))
        browser.click("select[name=resolution] option[value=skip]")
        browser.one("input[name=reason]").send_keys("the shop is closed")
        browser.click("form button.primary")
        browser.wait(lambda: browser.path.startswith("/bulk/bo-"))
        browser.wait(lambda: "Finished" in browser.text("#bulk-progress"))
        self.assertIn("2 done", browser.text("#bulk-progress"))
        self.assertIn("the shop is closed", browser.text(".facts"))
        # The receipts came while the page was open.
        browser.wait(lambda: sorted(each.text for each in browser.all("#receipt-rows .name code")) == sorted(runs))
        self.assertIn("Done (2)", browser.text("#bulk-outcomes"))
        # The same once more leaves the runs to their reruns.
        browser.open(f"/bulk/new?action=rerun&run={runs[0]}")
        browser.click("form button.primary")
        browser.wait(lambda: "1 nothing to do" in browser.text("#bulk-progress"))
        browser.wait(lambda: "The run had been rerun already" in browser.text("#receipt-rows"))

    def test_a_slow_operation_is_aborted(self):
        browser = self.browser
        browser.open("/bulk/new?action=label&all=yes&type=none")
        self.assertIn("No run matches.", browser.text("main"))
        browser.open("/bulk/new?action=label&all=yes&state=succeeded")
        browser.one("input[name=labels]").send_keys("not a label")
        browser.click("form button.primary")
        browser.wait(lambda: "is no label" in browser.text(".form-problem"))
        noted = browser.problems()
        self.assertTrue(all("400" in each for each in noted), noted)
        field = browser.one("input[name=labels]")
        field.clear()
        field.send_keys("cause=disk")
        browser.one("input[name=per_second]").send_keys("1")
        browser.click("form button.primary")
        browser.wait(lambda: browser.path.startswith("/bulk/bo-"))
        browser.click("#bulk-progress button.danger")
        browser.wait(lambda: "Aborted" in browser.text("#bulk-progress"))
        browser.open("/bulk")
        self.assertIn("Aborted", browser.text("main"))

    def test_a_failed_task_is_skipped_from_its_card(self):
        browser = self.browser
        run = self.failed("cg-shop")
        browser.click(".failed-task a")
        browser.wait(lambda: browser.all("dialog[open] #resolve"))
        self.assertIn("Skip it in a new run", browser.text("dialog #resolve"))
        browser.click("dialog #resolve input[value=skip]")
        browser.one("dialog #resolve input[name=reason]").send_keys("closed today")
        browser.click("dialog #resolve button.primary")
        browser.wait(lambda: browser.path.startswith("/runs/wf-") and run not in browser.path)
        browser.wait(lambda: browser.text("#run-summary .boxes .state") == "Succeeded")
        self.assertIn("closed today", browser.text("#run-summary"))


class Looks(PageTest):
    def test_no_page_has_a_barrier_or_is_heavy(self):
        browser = self.browser
        failed = self.service.start("cg-hostile")
        shop = self.service.start("cg-shop")
        run = self.service.start("cg-quick")
        for each in (failed, shop, run):
            browser.open("/runs/" + each)
            browser.wait(lambda: browser.text("#run-summary .boxes .state") in ("Succeeded", "Failed"))
        task = urlsplit(browser.one("#run-tasks .name a").get_attribute("href")).path
        pages = {
            "history": "/runs", "history-filtered": "/runs?created_from=2023-11-01&created_to=2023-12-01", "empty": "/runs?type=none", "views": "/views",
            "history-searched": "/runs?state=failed&text=table&sort=runtime",
            "run": "/runs/" + shop, "quick": "/runs/" + run, "failed": "/runs/" + failed, "task": task, "configured": "/workflows",
            "workflow": "/workflows/cg-shop", "definition": "/workflows/cg-shop/definition", "workflow-failing": "/workflows/cg-hostile",
            "schedule": "/workflows/cg-nightly/schedule", "start": "/workflows/cg-quick/run", "rerun": f"/runs/{shop}/rerun",
            "compare": f"/runs/{run}/compare", "keys": "/settings/keys", "audit": "/settings/audit",
            "bulk": "/bulk", "bulk-new": "/bulk/new?all=yes&state=failed&action=rerun", "new-key": "/settings/keys/new", "missing": "/runs/wf-nothing",
        }
        for name, path in pages.items():
            with self.subTest(page=name):
                browser.open(path)
                browser.settle()
                self.assertEqual(browser.shifts(), [])
                self.check(name)
                weight = browser.script(
                    "return performance.getEntries().filter((e) => e.decodedBodySize).reduce((sum, e) => sum + e.decodedBodySize, 0)")
                self.assertLess(weight, 150_000)
        browser.driver.delete_all_cookies()
        browser.open("/sign-in")
        self.check("sign-in")
        noted = browser.problems()
        self.assertTrue(all("404" in each and "wf-nothing" in each for each in noted), noted)

    def check(self, name):
        browser = self.browser
        for is_dark in (False, True):
            browser.dark(is_dark)
            self.assertEqual(browser.barriers(), [])
            for width, size in (("desktop", DESKTOP), ("phone", PHONE)):
                browser.size(size)
                browser.picture(f"{name}-{width}-{'dark' if is_dark else 'light'}")
                overflow = browser.script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
                self.assertLessEqual(overflow, 0, f"it is wider than a {width}")
            self.assertEqual(browser.barriers(), [])
            browser.size(DESKTOP)
        browser.dark(False)


if __name__ == "__main__":
    unittest.main()
