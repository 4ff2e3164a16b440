// Loads the part of Ciranda that this address needs: the customer's phone on /simulador, the way in on /entrar, the desk
// everywhere else; the desk loads the managers' screens when somebody goes there.
// Each part is a WebAssembly module of its own, loaded at most once; a running part can load a further one with `ciranda.bring(name)`.
// The page waits for this script, and for no other, before it is painted: the chosen appearance and language are applied here.

{
  // A browser that keeps nothing for us follows the system.
  function kept(key) {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  }

  // `app/ui/src/browser/theme.rs` keeps the choice and changes it.
  const theme = kept("ciranda.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;

  // `app/ui/src/browser/language.rs` keeps the choice. Portuguese comes first: a browser in English is no choice of its owner.
  const english = /^en\b/.test(kept("ciranda.language") ?? "");
  document.documentElement.lang = english ? "en-GB" : "pt-BR";

  const parts = {
    desk: { script: "{{desk.js}}", wasm: "{{desk.wasm}}" },
    entry: { script: "{{entry.js}}", wasm: "{{entry.wasm}}" },
    manage: { script: "{{manage.js}}", wasm: "{{manage.wasm}}" },
    phone: { script: "{{phone.js}}", wasm: "{{phone.wasm}}" },
  };

  const loading = new Map();

  // The screens clone the templates that were compiled into them; nothing that somebody wrote is ever markup. A template
  // holds neither scripts nor handlers, and whatever does is refused.
  globalThis.trustedTypes?.createPolicy("default", {
    createHTML: (html) => (/<script|\son\w+\s*=|javascript:/i.test(html) ? "" : html),
  });

  // A part that this version has no file for any more: the server was updated while the page was open.
  class MissingPart extends Error {}

  async function code(address) {
    let response;
    try {
      response = await fetch(address);
    } catch (cause) {
      throw new MissingPart(address, { cause });
    }
    if (!response.ok) throw new MissingPart(`${address}: ${response.status}`);
    return response;
  }

  // The page is here down to its end: a part puts its screens into the body.
  const parsed = new Promise((resume) => document.addEventListener("DOMContentLoaded", resume, { once: true }));

  // The phrases of the second language, which no module brings along: they take them from here when they start.
  let phrases;
  async function learn() {
    phrases ??= await (await code("{{english.txt}}")).text();
  }

  async function start({ script, wasm }) {
    // All travel at once; the script alone would name the code only after it has arrived.
    const bytes = code(wasm);
    const learnt = english ? learn() : undefined;
    const glue = import(script).catch((cause) => {
      throw new MissingPart(script, { cause });
    });
    const [module, response] = await Promise.all([glue, bytes, parsed, learnt]);
    await module.default({ module_or_path: response });
    return module;
  }

  function load(name) {
    if (!Object.hasOwn(parts, name)) return Promise.reject(new TypeError(`Ciranda has no part called ${name}`));
    if (!loading.has(name)) {
      const part = start(parts[name]);
      part.catch((error) => {
        loading.delete(name);
        console.error(error);
        parsed.then(() => offerReload(error instanceof MissingPart));
      });
      loading.set(name, part);
    }
    return loading.get(name);
  }

  function offerReload(missing) {
    if (document.getElementById("reload-banner")) return;
    const banner = document.createElement("div");
    banner.id = "reload-banner";
    banner.className = "reload-banner";
    banner.setAttribute("role", "alert");
    const text = document.createElement("p");
    const [gone, broken, reload] = english
      ? [
          "A part of Ciranda could not be loaded: there is a new version or the connection dropped. Reload the page to continue.",
          "Ciranda could not open this page. Reload it; if that does not help, talk to whoever administers Ciranda.",
          "Reload",
        ]
      : [
          "Uma parte da Ciranda não pôde ser carregada: há uma versão nova ou a conexão caiu. Recarregue a página para continuar.",
          "A Ciranda não conseguiu abrir esta página. Recarregue; se continuar assim, fale com quem administra a Ciranda.",
          "Recarregar",
        ];
    text.textContent = missing ? gone : broken;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = reload;
    button.addEventListener("click", () => location.reload());
    banner.append(text, button);
    document.body.prepend(banner);
  }

  // As `load`, for whoever leaves it at that: the banner tells the person of a failure.
  function bring(name) {
    load(name).catch(() => {});
  }

  globalThis.ciranda = Object.freeze({
    load,
    bring,
    get phrases() {
      return phrases;
    },
  });

  // Whether somebody came in with this browser; `app/ui/src/browser` notes it.
  function cameIn() {
    try {
      return localStorage.getItem("ciranda.came-in") !== null;
    } catch {
      return true;
    }
  }

  function wanted() {
    const path = location.pathname.replace(/\/+$/, "");
    if (path === "/simulador") return "phone";
    if (path.startsWith("/entrar")) return "entry";
    if (cameIn()) return "desk";
    history.replaceState(null, "", "/entrar");
    return "entry";
  }

  // Whoever begins to come in needs the desk next.
  function fetchAhead({ script, wasm }) {
    for (const address of [script, wasm]) {
      const link = document.createElement("link");
      link.rel = "prefetch";
      link.href = address;
      document.head.append(link);
    }
  }

  const first = wanted();
  if (first === "entry") addEventListener("pointerover", () => fetchAhead(parts.desk), { once: true });

  load(first).then(
    () => document.getElementById("skeleton")?.remove(),
    // Already told to the person by the banner.
    () => document.getElementById("skeleton")?.remove(),
  );
}
