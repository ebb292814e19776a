// A notification of the browser when the run of a page ends, for visitors who ask for it. The choice lasts as long as the tab.
const key = () => `notice ${location.pathname}`;

export const isNoticeWanted = () => sessionStorage.getItem(key()) !== null;

export function offerNotices(root) {
  for (const button of root.querySelectorAll('[data-notice]')) {
    if (!('Notification' in window) || Notification.permission === 'denied') continue;
    const show = () => button.setAttribute('aria-pressed', String(isNoticeWanted()));
    button.hidden = false;
    show();
    button.addEventListener('click', async () => {
      if (isNoticeWanted()) sessionStorage.removeItem(key());
      else if (await Notification.requestPermission() === 'granted') sessionStorage.setItem(key(), 'yes');
      else button.textContent = 'This browser does not allow it';
      show();
    });
  }
}

// The run has ended: the title of the page begins with its state.
export function tellEnd() {
  for (const button of document.querySelectorAll('[data-notice]')) button.hidden = true;
  if (!isNoticeWanted()) return;
  sessionStorage.removeItem(key());
  const notice = new Notification(document.title, { tag: location.pathname });
  notice.onclick = () => { window.focus(); notice.close(); };
}
