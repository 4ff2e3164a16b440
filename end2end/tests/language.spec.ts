// The second language, for whoever chooses it.

import type { Page } from "@playwright/test";

import { expect, requests, test } from "../support/test.ts";

/** Presses the button of the other language in the person's menu. */
async function choose(page: Page, menu: RegExp, language: string): Promise<void> {
  await page.getByRole("button", { name: menu }).click();
  await page.getByRole("button", { name: language, exact: true }).click();
}

test("whoever chooses English has it on every screen, also the next day, and can go back", async ({ enter }) => {
  const page = await enter("Ana");
  const asked = requests(page);
  const fetched = () => asked.filter((path) => path.startsWith("/pkg/english."));
  await page.reload();
  await expect(page.getByRole("tab", { name: /^Novos/ })).toBeVisible();
  expect(fetched(), "a page in Portuguese loads no other language").toEqual([]);

  await choose(page, /^Ana,.*abrir menu$/, "English");
  await expect(page.getByRole("tab", { name: /^New/ })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "en-GB");
  expect(fetched()).toHaveLength(1);
  await page.getByRole("button", { name: /^Tainá Oliveira/ }).first().click();
  await expect(page.getByText("Nobody was chosen: anybody in the team can start it.")).toHaveCount(1);

  for (const [place, heading] of [["/painel", "Board"], ["/relatorios", "Reports"], ["/ajustes", "Settings"]] as const) {
    await page.goto(place);
    await expect(page.getByRole("heading", { name: heading, level: 1 })).toBeVisible();
  }
  await choose(page, /^Ana,.*open menu$/, "Português");
  await expect(page.getByRole("heading", { name: "Ajustes", level: 1 })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "pt-BR");
});

test("a form refuses in the language of the page", async ({ enter }) => {
  const page = await enter("Ana");
  await choose(page, /^Ana,.*abrir menu$/, "English");
  await expect(page.getByRole("tab", { name: /^New/ })).toBeVisible();
  await page.goto("/ajustes/equipes");
  await page.getByRole("button", { name: /^Suporte/ }).or(page.getByRole("link", { name: /^Suporte/ })).first().click();
  await page.getByLabel("Name", { exact: true }).fill("Geral");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("There is already a team called Geral. Choose another name.")).toBeVisible();
});

test("the language cannot be changed without a connection, for the page could not be loaded", async ({ enter, faults }) => {
  faults.expect(/ERR_INTERNET_DISCONNECTED|Failed to fetch|Failed to load/);
  const page = await enter("Ana");
  await expect(page.getByText("ao vivo").first()).toBeAttached();
  await page.context().setOffline(true);
  await expect(page.getByText(/sem conexão/).first()).toBeAttached({ timeout: 45_000 });
  await page.getByRole("button", { name: /^Ana,.*abrir menu$/ }).click();
  await expect(page.getByRole("button", { name: "English", exact: true })).toBeDisabled();
  await page.context().setOffline(false);
  await expect(page.getByRole("button", { name: "English", exact: true })).toBeEnabled({ timeout: 45_000 });
});

test("whoever chooses English on the way in has it there and on the desk, and Portuguese again", async ({ visit, accessible }) => {
  const page = await visit("/");
  await page.getByRole("button", { name: "English" }).click();
  await expect(page.getByRole("heading", { name: "Sign in", exact: true, level: 2 })).toBeVisible();
  await expect(page.getByRole("button", { name: /^Eva Geral, Suporte \(supervisor\), Jurídico \(supervisor\)$/ })).toBeVisible();
  await accessible(page);
  await page.getByRole("button", { name: /^Ana\b/ }).click();
  await expect(page.getByRole("tab", { name: /^New/ })).toBeVisible();
  await accessible(page);
  await page.goto("/entrar");
  await page.getByRole("button", { name: "Português" }).click();
  await expect(page.getByRole("heading", { name: "Entrar", exact: true, level: 2 })).toBeVisible();
});

test("where the phrases are missing, the page says so in English and opens once they are there", async ({ visit, faults }) => {
  faults.expect(/404|english\./);
  const page = await visit("/");
  await page.route("**/pkg/english.*", (route) => route.fulfill({ status: 404 }));
  await page.getByRole("button", { name: "English" }).click();
  await expect(page.getByRole("alert")).toContainText("Reload the page to continue");
  await page.unroute("**/pkg/english.*");
  await page.getByRole("button", { name: "Reload" }).click();
  await expect(page.getByRole("heading", { name: "Sign in", exact: true, level: 2 })).toBeVisible();
});

test.describe("in a browser in English", () => {
  test.use({ locale: "en-US" });

  test("the page speaks Portuguese until somebody chooses otherwise", async ({ visit }) => {
    const page = await visit("/");
    await expect(page.getByRole("heading", { name: "Entrar", exact: true, level: 2 })).toBeVisible();
    await expect(page.locator("html")).toHaveAttribute("lang", "pt-BR");
  });
});
