// How the parts of the page arrive: each address loads its own module, and a missing one is told.

import { expect, requests, test } from "../support/test.ts";

test("a stranger loads the way in and nothing of the desk's runs", async ({ visit }) => {
  const page = await visit("about:blank");
  const asked = requests(page);
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "Entrar", exact: true, level: 2 })).toBeVisible();
  await expect(page).toHaveURL(/\/entrar$/);
  expect(asked.filter((path) => path.endsWith(".wasm"))[0]).toMatch(/^\/pkg\/entry\./);
  // The desk's is fetched ahead for whoever begins to come in, but not run.
  expect(await page.evaluate(() => "cirandaDesk" in globalThis)).toBe(false);
});

test("the desk's address loads the desk's module and not the phone's", async ({ enter }) => {
  const page = await enter("Ana");
  const asked = requests(page);
  await page.reload();
  await expect(page.getByRole("tab", { name: /^Novos/ })).toBeVisible();
  expect(asked.filter((path) => path.endsWith(".wasm"))).toEqual([expect.stringMatching(/^\/pkg\/desk\./)]);
});

test("the phone is a module of its own, loaded only at its address", async ({ visit }) => {
  const page = await visit("about:blank");
  const asked = requests(page);
  await page.goto("/simulador");
  await expect(page.getByRole("status").filter({ hasText: "Abrindo a Ciranda" })).toBeHidden();
  expect(asked.filter((path) => path.endsWith(".wasm"))).toEqual([expect.stringMatching(/^\/pkg\/phone\./)]);
});

test("a running part can load a further one", async ({ visit }) => {
  const page = await visit("/");
  const asked = requests(page);
  const names = await page.evaluate(async () => {
    const { ciranda } = globalThis as unknown as { ciranda: { load(name: string): Promise<object> } };
    return Object.keys(await ciranda.load("phone"));
  });
  expect(names).toContain("initSync");
  expect(asked.filter((path) => path.startsWith("/pkg/phone.") && path.endsWith(".wasm"))).toHaveLength(1);
});

test("a missing part asks to reload the page", async ({ enter, faults }) => {
  faults.expect(/404|desk\./);
  const page = await enter("Ana");
  await page.route("**/pkg/desk.*.wasm", (route) => route.fulfill({ status: 404 }));
  await page.reload();
  await expect(page.getByRole("alert")).toContainText("Recarregue a página");
  await page.unroute("**/pkg/desk.*.wasm");
  await page.getByRole("button", { name: "Recarregar" }).click();
  await expect(page.getByRole("alert")).toBeHidden();
});

test("the first page asks this host only, in fewer than ten requests", async ({ visit, demo }) => {
  const page = await visit("about:blank");
  const urls: string[] = [];
  page.on("request", (request) => urls.push(request.url()));
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "Entrar", exact: true, level: 2 })).toBeVisible();
  expect(urls.filter((url) => !url.startsWith(demo.url) && !url.startsWith("data:"))).toEqual([]);
  expect(urls.length).toBeLessThan(10);
});
