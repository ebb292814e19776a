"""The pages in a real browser, over a real service. `make test` runs these after the Swift tests."""

import unittest
from urllib.parse import urlsplit

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
        # Whatever still waits for its gate may go on.
        self.service.touch("gate")
        self.service.touch("end")
        self.assertEqual(self.browser.troubles(), [])


class SigningIn(PageTest):
    def test_a_wrong_secret_is_refused_and_signing_out_ends_the_session(self):
        browser = self.browser
        browser.click(".visitor button")
        browser.wait(lambda: browser.path == "/sign-in")
        browser.open("/runs?state=failed")
        self.assertEqual(browser.path, "/sign-in?next=%2Fruns%3Fstate%3Dfailed")
        browser.one("input[name=client_id]").send_keys("nobody")
        browser.one("input[name=client_secret]").send_keys("wrong")
        browser.click("button.primary")
        browser.wait(lambda: "The client id is unknown" in browser.text(".form-problem"))
        # The browser itself notes the 401 of that answer.
        noted = browser.troubles()
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
        return self.browser.text(".runs .name a").split("\n")

    def test_filters_narrow_the_list_and_are_in_the_address(self):
        browser = self.browser
        browser.script("document.querySelector('select[name=state]').value = 'failed'")
        browser.script("document.querySelector('select[name=type]').value = 'campaign.send'")
        browser.click(".filters button.primary")
        browser.wait(lambda: browser.path == "/runs?state=failed&type=campaign.send")
        self.assertEqual(set(browser.text(".runs .state").split("\n")), {"Failed"})
        self.assertIn("The table is not there.", browser.text(".runs .why"))
        self.assertNotIn("Second line", browser.text(".runs .why"))
        self.assertIn("Customer", browser.text(".runs .blame"))
        total = browser.text("#total")
        # Whoever is given the address sees the same.
        shared = browser.driver.current_url
        browser.sign_in(self.service.keys["operator"])
        browser.open(shared)
        self.assertEqual(browser.text("#total"), total)
        self.assertEqual(browser.one("select[name=state]").get_attribute("value"), "failed")

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
            Promise.all([fetch(arguments[0], { method: 'POST', body }), fetch('/settings/keys'), fetch('/configs/cg-quick/run')])
              .then((answers) => done(answers.map((each) => each.status)));""", f"/runs/{run}/stop")
        self.assertEqual(statuses, [403, 403, 403])
        noted = browser.troubles()
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
        browser.wait(lambda: "over" in browser.text("dialog [data-log-state]"))
        browser.driver.back()
        browser.wait(lambda: not browser.all("dialog[open]") and browser.path == "/runs/" + run)
        browser.wait(lambda: "Succeeded" in browser.text("#run-summary .boxes .state"))
        self.assertEqual(browser.script("return window.weirLoaded"), loaded)
        browser.click(".panel-head a.button")
        browser.wait(lambda: "skipped=hide" in browser.path)
        self.assertNotIn("Never in a full run", browser.text("#run-tasks"))
        # The address of the dialog is a page of its own.
        browser.open(task)
        self.assertIn("green second line", browser.text(".log"))
        browser.open(task + "?q=SECOND")
        self.assertEqual(browser.text(".log mark"), "second")

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
        self.assertIn("Workflow manually stopped", browser.text(".problem .message"))
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
        self.assertIn("kept from " + run, browser.text("#run-tasks"))
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

    def test_a_schedule_shows_its_ticks_as_they_come(self):
        browser = self.browser
        browser.open("/configs")
        browser.click("#config-cg-nightly a[href$='/schedule']")
        browser.wait(lambda: browser.path == "/configs/cg-nightly/schedule")
        self.assertRegex(browser.text("#coming-ticks"), r" 02:30:00-0[45]:00.* 0[67]:30:00Z")
        self.assertIn("None of its ticks has been due yet", browser.text("#past-ticks"))
        # While the page is open: the morning on which the clocks were set forward, and the one before.
        self.service.weir("backfill", "cg-nightly", "--from", "2024-03-09T00:00:00Z", "--to", "2024-03-11T00:00:00Z")
        browser.wait(lambda: len(browser.all("#past-ticks tbody tr")) == 2)
        self.assertIn("backfilled", browser.text("#past-ticks"))
        self.assertIn("Mar 10, 2024, 07:00", browser.text("#past-ticks"))

    def test_a_workflow_is_run_with_a_mode_and_dates(self):
        browser = self.browser
        browser.open("/configs")
        browser.click("#config-cg-quick .act a")
        browser.wait(lambda: browser.all("dialog[open] select[name=run_mode]"))
        browser.script("document.querySelector('dialog [name=range_from]').value = '2024-02-01T00:00:00'")
        browser.script("document.querySelector('dialog [name=range_to]').value = '2024-01-01T00:00:00'")
        browser.click("dialog button.primary")
        browser.wait(lambda: "To is before From" in browser.text(".form-problem"))
        noted = browser.troubles()
        self.assertTrue(all("400" in each for each in noted), noted)
        browser.script("document.querySelector('[name=range_to]').value = '2024-03-01T00:00:00'")
        browser.click("button.primary")
        browser.wait(lambda: browser.path.startswith("/runs/wf-"))
        browser.wait(lambda: "Succeeded" in browser.text("#run-summary .boxes .state"))
        self.assertIn("1 Feb 2024", browser.text(".facts"))
        browser.click("#run-tasks .name a")
        browser.wait(lambda: "job-77" in browser.text("dialog .facts"))
        self.assertIn('"rows": 3', browser.text("dialog .values pre"))


class Safety(PageTest):
    def test_names_errors_and_logs_full_of_markup_are_shown_as_text(self):
        browser = self.browser
        run = self.service.start("cg-hostile")
        browser.open("/runs/" + run)
        browser.wait(lambda: "Failed" in browser.text("#run-summary .boxes .state"))
        self.assertEqual(browser.text("h1"), HOSTILE)
        self.assertIn(HOSTILE, browser.text(".problem .message"))
        task = browser.one("#run-tasks .name a").get_attribute("href")
        for page in ("/runs", "/configs", "/runs/" + run, task):
            browser.open(page)
            self.assertEqual(browser.script("return document.querySelectorAll('main img, main script').length"), 0)
            self.assertEqual(browser.script("return window.weirReports"), [])
        self.assertIn(HOSTILE, browser.text(".log"))
        self.assertIn("link red", browser.text(".log"))
        self.assertEqual(browser.all(".log a"), [])

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
        browser.click(f"#key-{identifier} a[href$=rotate]")
        browser.click("dialog button.primary")
        self.assertNotEqual(browser.one("#client-secret").text, secret)
        browser.open("/settings/keys")
        browser.click(f"#key-{identifier} a[href$=drop]")
        browser.click("dialog button.primary.danger")
        browser.wait(lambda: not browser.all(f"#key-{identifier}") and browser.path == "/settings/keys")


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
            "history": "/runs", "history-filtered": "/runs?created_from=2023-11-01&created_to=2023-12-01", "empty": "/runs?type=none",
            "run": "/runs/" + shop, "quick": "/runs/" + run, "failed": "/runs/" + failed, "task": task, "configured": "/configs",
            "schedule": "/configs/cg-nightly/schedule", "start": "/configs/cg-quick/run", "rerun": f"/runs/{shop}/rerun",
            "compare": f"/runs/{run}/compare", "keys": "/settings/keys", "new-key": "/settings/keys/new", "missing": "/runs/wf-nothing",
        }
        for name, path in pages.items():
            with self.subTest(page=name):
                browser.open(path)
                self.check(name)
                weight = browser.script(
                    "return performance.getEntries().filter((e) => e.decodedBodySize).reduce((sum, e) => sum + e.decodedBodySize, 0)")
                self.assertLess(weight, 100_000)
        browser.driver.delete_all_cookies()
        browser.open("/sign-in")
        self.check("sign-in")
        noted = browser.troubles()
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
