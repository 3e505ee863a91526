// Lets the search work in pages that are opened from disk. Browsers allow no Web Workers there, so
// the script of the worker runs in a hidden frame. The theme recognises this by `IFrameWorker`.
if (location.protocol === "file:") {
  const load = (frame, url) =>
    new Promise((resolve, reject) => {
      const script = frame.contentDocument.createElement("script");
      script.src = new URL(url, location.href).href;
      script.onload = resolve;
      script.onerror = () => reject(new Error(`cannot load ${url}`));
      frame.contentDocument.body.append(script);
    });

  window.IFrameWorker = window.Worker = class extends EventTarget {
    constructor(url) {
      super();
      const frame = document.createElement("iframe");
      frame.hidden = true;
      document.body.append(frame);
      const inside = frame.contentWindow;
      // As from a worker, messages arrive after the script that sends them has returned.
      inside.postMessage = (data) =>
        setTimeout(() => this.dispatchEvent(new MessageEvent("message", { data })));
      // In a worker, this function returns after the scripts have run. The theme also accepts a
      // promise.
      inside.importScripts = async (...urls) => {
        for (const each of urls) await load(frame, each);
      };
      const loaded = load(frame, url);
      this.postMessage = async (data) => {
        await loaded;
        inside.dispatchEvent(new inside.MessageEvent("message", { data }));
      };
    }
  };
}
