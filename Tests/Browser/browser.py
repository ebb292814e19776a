"""A browser that records problems: console errors, violations of the content security policy, dialogs, requests to other hosts."""

import importlib.util
import json
import os
import pathlib
import shutil

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service as Driver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

ARTEFACTS = pathlib.Path(__file__).resolve().parents[2] / ".build" / "browser"
PATIENCE = 30
DESKTOP, PHONE = (1280, 900), (390, 844)

_WATCH = """
window.weirReports = [];
document.addEventListener('securitypolicyviolation', (e) => window.weirReports.push('CSP ' + e.violatedDirective + ' ' + e.blockedURI));
for (const name of ['alert', 'confirm', 'prompt']) window[name] = (text) => { window.weirReports.push(name + ' ' + text); };
window.weirLoaded = Math.random();
// Movements of what is on the page that no input caused, and tasks of the page that took longer than 50 ms.
window.weirShifts = [];
window.weirLongTasks = [];
new PerformanceObserver((list) => {
  for (const each of list.getEntries()) {
    if (each.hadRecentInput) continue;
    const place = each.sources.map(({ node }) => (node?.outerHTML ?? node?.textContent ?? 'removed').slice(0, 80)).join(' and ');
    window.weirShifts.push({ at: each.startTime, text: `${each.value.toFixed(4)} of ${place}` });
  }
}).observe({ type: 'layout-shift', buffered: true });
new PerformanceObserver((list) => window.weirLongTasks.push(...list.getEntries().map((each) => ({ at: each.startTime, for: each.duration }))))
  .observe({ type: 'longtask', buffered: true });
"""


def axe_source():
    """The script of axe, from a package for another driver."""
    package = importlib.util.find_spec("axe_playwright_python").submodule_search_locations[0]
    return (pathlib.Path(package) / "axe.min.js").read_text()


class Browser:
    def __init__(self, url):
        self.url = url
        options = Options()
        options.binary_location = shutil.which("chromium") or ""
        for argument in ("--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--lang=en-GB",
                         "--disable-background-networking", "--no-first-run"):
            options.add_argument(argument)
        if os.geteuid() == 0:
            options.add_argument("--no-sandbox")
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Driver(shutil.which("chromedriver")))
        self.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": _WATCH})
        self.size(DESKTOP)
        self._axe = axe_source()

    def quit(self):
        self.driver.quit()

    # Reading

    def size(self, size):
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": size[0] < 600})

    def dark(self, is_dark):
        value = "dark" if is_dark else "light"
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": value}]})

    def zone(self, name):
        """The time zone of scripts; empty for the system's."""
        self.driver.execute_cdp_cmd("Emulation.setTimezoneOverride", {"timezoneId": name})

    def scripts(self, are_on):
        self.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not are_on})

    def open(self, path):
        self.driver.get(path if path.startswith("http") else self.url + path)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector):
        return self.wait(lambda: self.all(selector), f"nothing is {selector}")[0]

    def text(self, selector):
        """The text of all matching elements, read in one step, because a live update may replace an element at any time."""
        return self.script("return [...document.querySelectorAll(arguments[0])].map((e) => e.textContent).join('\\n')", selector)

    def click(self, selector):
        self.wait(lambda: self.one(selector).click() or True, f"{selector} cannot be clicked")

    def script(self, text, *arguments):
        return self.driver.execute_script(text, *arguments)

    def wait(self, condition, message="it did not happen", seconds=PATIENCE):
        """Polls until the condition holds. An element that a live update replaces while it is read is read again."""
        replaced = [StaleElementReferenceException]
        return WebDriverWait(self.driver, seconds, 0.1, replaced).until(lambda _: condition(), message)

    @property
    def path(self):
        return self.driver.current_url.removeprefix(self.url)

    def sign_in(self, key):
        self.driver.delete_all_cookies()
        self.open("/sign-in")
        self.one("input[name=client_id]").send_keys(key["client_id"])
        self.one("input[name=client_secret]").send_keys(key["client_secret"])
        self.click("button.primary")
        self.wait(lambda: self.path == "/runs", "signing in did not lead to the history")

    # Checking

    def problems(self):
        """Problems since the previous call."""
        found = [f"console: {entry['message']}" for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]
        found += self.script("return window.weirReports ?? []")
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] != "Network.requestWillBeSent":
                continue
            address = message["params"]["request"]["url"]
            if not address.startswith(self.url) and not address.startswith(("data:", "chrome", "about:")):
                found.append(f"request to {address}")
        return found

    def shifts(self):
        """Movements of what is on the page after it has loaded, which no input caused."""
        return self.script("""const end = performance.getEntriesByType('navigation')[0].loadEventEnd;
            return window.weirShifts.filter((each) => each.at > end).map((each) => each.text)""")

    def long_tasks(self, path, slowness=4):
        """The lengths in ms of tasks above 50 ms after a page has loaded, on a processor that is so many times slower."""
        self.driver.execute_cdp_cmd("Emulation.setCPUThrottlingRate", {"rate": slowness})
        try:
            self.open(path)
            self.settle()
            return self.script("""const end = performance.getEntriesByType('navigation')[0].loadEventEnd;
                return window.weirLongTasks.filter((each) => each.at > end).map((each) => Math.round(each.for))""")
        finally:
            self.driver.execute_cdp_cmd("Emulation.setCPUThrottlingRate", {"rate": 1})

    def settle(self):
        """Waits until the page has drawn twice, so that scripts have shown what they change at the beginning."""
        self.driver.execute_async_script(
            "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)));")

    def barriers(self):
        """All violations that axe reports."""
        self.script(self._axe)
        found = self.driver.execute_async_script(
            "const done = arguments[arguments.length - 1]; axe.run(document, { resultTypes: ['violations'] }).then((r) => done(r.violations));")
        return [
            f"{each['id']}: {each['help']}: {each['nodes'][0]['html'][:200]}"
            for each in found
        ]

    def allow(self, permission):
        """Grants the service a permission that a browser asks its user for."""
        self.driver.execute_cdp_cmd("Browser.grantPermissions", {"origin": self.url, "permissions": [permission]})

    def picture(self, name):
        ARTEFACTS.mkdir(parents=True, exist_ok=True)
        self.driver.save_screenshot(str(ARTEFACTS / f"{name}.png"))
