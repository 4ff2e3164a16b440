// Reports: numbers with their definitions, each opening exactly its rows; the same as a table and for spreadsheets.

import { readFile } from "node:fs/promises";

import type { Page } from "@playwright/test";

import { open, serve, transfer, write } from "../support/desk.ts";
import { expect, test } from "../support/test.ts";

/** Goes to the reports. */
async function reports(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Relatórios" }).click();
  await expect(page.getByRole("heading", { name: "Relatórios", level: 1 })).toBeVisible();
}

/** A metric's card. */
const card = (page: Page, name: string) =>
  page.locator(".cards article").filter({ has: page.getByRole("heading", { name: `${name}: ver no gráfico` }) });

const compared = (page: Page) => page.locator("section.panel").filter({ has: page.getByRole("heading", { name: "Comparar" }) });

test("a report's number opens its rows, a row its conversation, and the question is still there afterwards", async ({
  enter,
  newCustomer,
  accessible,
}) => {
  const [eva, ana] = [await enter("Eva"), await enter("Ana")];
  const marina = await newCustomer("Marina Sousa", "+55 11 98765-4321");
  await marina.writes("Oi!");
  await expect(ana.getByRole("button", { name: /^Marina Sousa/ }).first()).toBeVisible();
  const joaquim = await newCustomer("Joaquim Teles", "+55 11 98765-4322");
  await joaquim.writes("Bom dia!");
  await serve(ana, "Marina Sousa");
  await write(ana, "Olá, Marina!");
  await expect.poll(() => marina.received()).toEqual(["Olá, Marina!"]);
  await reports(eva);
  await eva.getByRole("button", { name: "Hoje", exact: true }).click();
  await expect(card(eva, "Chegadas").getByRole("button", { name: "Chegadas: 2. Abrir as linhas." })).toBeVisible();
  await expect(card(eva, "Primeira resposta")).toContainText("o texto seguinte de uma pessoa");
  await accessible(eva);
  await card(eva, "Primeira resposta").getByRole("button", { name: "Primeira resposta, n: 1. Abrir as linhas." }).click();
  const answered = eva.getByRole("dialog", { name: "Primeira resposta · n" });
  await expect(answered.getByRole("listitem")).toHaveCount(1);
  await expect(answered).toContainText("Marina Sousa");
  await accessible(eva);
  await eva.keyboard.press("Escape");
  await expect(answered).toBeHidden();
  await card(eva, "Primeira resposta").getByRole("button", { name: "Primeira resposta, em curso: 1. Abrir as linhas." }).click();
  const waiting = eva.getByRole("dialog", { name: "Primeira resposta · em curso" });
  await expect(waiting.getByRole("listitem")).toHaveCount(1);
  await waiting.getByRole("button", { name: /^Joaquim Teles/ }).click();
  await expect(eva.getByRole("heading", { name: "Joaquim Teles", level: 1 })).toBeVisible();
  await eva.goBack();
  await expect(eva.getByRole("button", { name: "Hoje", exact: true })).toHaveAttribute("aria-pressed", "true");
});

test("a metric is compared by person, as bars and as the table they are drawn from", async ({ enter, newCustomer, accessible }) => {
  const [eva, ana] = [await enter("Eva"), await enter("Ana")];
  const marina = await newCustomer("Marina Sousa", "+55 11 98765-4321");
  await marina.writes("Oi!");
  await serve(ana, "Marina Sousa");
  await reports(eva);
  await card(eva, "Espera na fila").getByRole("button", { name: "Espera na fila: ver no gráfico" }).click();
  await expect(compared(eva).getByLabel("Métrica")).toHaveValue("3");
  await compared(eva).getByRole("combobox", { name: "Por", exact: true }).selectOption({ label: "Pessoa" });
  await expect(compared(eva).getByRole("img", { name: "Espera na fila por Pessoa" })).toBeVisible();
  await expect(compared(eva).getByText("Conta para quem ficou responsável.")).toBeVisible();
  const row = compared(eva).getByRole("row", { name: /^Ana / });
  await expect(row).toHaveCount(1);
  await compared(eva).getByRole("button", { name: "Ver como tabela" }).click();
  await accessible(eva);
  await row.getByRole("button", { name: "Espera na fila, n: 1. Abrir as linhas." }).click();
  await expect(eva.getByRole("dialog").getByRole("listitem")).toHaveCount(1);
});

test("what cannot be told by a day is told by something else, and nothing is asked that has no answer", async ({ enter, newCustomer }) => {
  const eva = await enter("Eva");
  const marina = await newCustomer("Marina Sousa", "+55 11 98765-4321");
  await marina.writes("Oi!");
  await reports(eva);
  await compared(eva).getByLabel("Métrica").selectOption({ label: "Em aberto agora" });
  await expect(compared(eva).getByRole("img", { name: "Em aberto agora por Equipe" })).toBeVisible();
  await expect(compared(eva).getByText("Conta na equipe de agora.")).toBeVisible();
  await expect(compared(eva).getByRole("combobox", { name: "Por", exact: true }).getByRole("option", { name: "Dia" })).toHaveCount(0);
});

test("the same question goes to a spreadsheet", async ({ enter, newCustomer }) => {
  const eva = await enter("Eva");
  const marina = await newCustomer("Marina Sousa", "+55 11 98765-4321");
  await marina.writes("Oi!");
  await reports(eva);
  await compared(eva).getByRole("combobox", { name: "Por", exact: true }).selectOption({ label: "Equipe" });
  const [download] = await Promise.all([eva.waitForEvent("download"), eva.getByRole("link", { name: "Baixar CSV" }).click()]);
  const text = await readFile(await download.path(), "utf8");
  const lines = text.trim().split("\r\n");
  expect(lines[0]).toContain("Equipe;métrica;n");
  expect(lines.find((line) => line.startsWith("Suporte;Chegadas;1;"))).toBeTruthy();
});

test("nothing happened: it says so; a period that ends before it begins is refused in words", async ({ enter }) => {
  const eva = await enter("Eva");
  await reports(eva);
  await expect(eva.getByText("Nada aconteceu neste período.")).toBeVisible();
  await eva.getByRole("button", { name: "Escolher" }).click();
  await eva.getByLabel("Até").fill("2020-01-01");
  await expect(eva.getByText("O último dia vem antes do primeiro. Corrija o período.")).toBeVisible();
});

test("a day that is missing is asked for in words, and neither the numbers nor the table of the days before are shown", async ({
  enter,
  newCustomer,
  accessible,
}) => {
  const eva = await enter("Eva");
  const marina = await newCustomer("Marina Sousa", "+55 11 98765-4321");
  await marina.writes("Oi!");
  await reports(eva);
  await eva.getByRole("button", { name: "Escolher" }).click();
  await expect(card(eva, "Chegadas")).toBeVisible();
  const table = eva.getByText("Baixar CSV");
  const today = await eva.getByLabel("Até").inputValue();
  for (const label of ["Até", "De"]) {
    const day = eva.getByLabel(label, { exact: true });
    const before = await day.inputValue();
    await day.fill("");
    await expect(eva.getByText("O período precisa dos dois dias. Preencha De e Até.")).toBeVisible();
    await expect(day).toHaveAttribute("aria-invalid", "true");
    await expect(day).toHaveAccessibleDescription("Falta este dia.");
    await expect(eva.locator(".cards")).toHaveCount(0);
    await expect(table).not.toHaveAttribute("href");
    await accessible(eva);
    await day.fill(before);
    await expect(card(eva, "Chegadas")).toBeVisible();
  }
  await expect(table).toHaveAttribute("href", new RegExp(`ate=${today}`));
});

test("an attendant sees their own numbers, nobody else's", async ({ enter, newCustomer }) => {
  const [ana, bruno] = [await enter("Ana"), await enter("Bruno")];
  const marina = await newCustomer("Marina Sousa", "+55 11 98765-4321");
  await marina.writes("Oi!");
  await serve(ana, "Marina Sousa");
  await bruno.goto("/relatorios");
  await card(bruno, "Chegadas").getByRole("button", { name: "Chegadas: 1. Abrir as linhas." }).click();
  // Of the demo's story; Marina's conversation came while he was there, and is Ana's.
  const rows = bruno.getByRole("dialog", { name: "Chegadas" }).getByRole("listitem");
  await expect(rows).toHaveCount(1);
  await expect(rows).not.toContainText("Marina Sousa");
});

test("the rows behind a number close with the right to see them, and the numbers are asked again", async ({ enter, newCustomer }) => {
  const [eva, ana] = [await enter("Eva"), await enter("Ana")];
  await (await newCustomer("Marina Sousa", "+55 11 98765-4321")).writes("Oi!");
  await expect(ana.getByRole("button", { name: /^Marina Sousa/ }).first()).toBeVisible();
  await reports(eva);
  await eva.getByRole("button", { name: "Hoje", exact: true }).click();
  // Of a supervisor it is said that what leaves their sight leaves their numbers; an administrator's are all there are.
  const bounds = /Contam só as conversas que você pode abrir agora/;
  await expect(eva.getByText(bounds)).toBeVisible();
  await card(eva, "Chegadas").getByRole("button", { name: "Chegadas: 1. Abrir as linhas." }).click();
  const rows = eva.getByRole("dialog", { name: "Chegadas" });
  await expect(rows).toContainText("Marina Sousa");
  await ana.goto("/relatorios");
  await expect(card(ana, "Chegadas")).toBeVisible();
  await expect(ana.getByText(bounds)).toHaveCount(0);
  await ana.goto("/ajustes/equipes");
  await ana.getByRole("link", { name: "Suporte" }).click();
  await ana.getByRole("checkbox", { name: "Eva: Supervisor", exact: true }).uncheck();
  await ana.getByRole("button", { name: "Salvar" }).click();
  await expect(eva.getByText("O que você pode ver mudou, e o que estava aberto foi fechado.")).toBeVisible();
  await expect(rows).toHaveCount(0);
  // In the team that she oversees still nothing has happened today.
  await expect(eva.getByText("Nada aconteceu neste período.")).toBeVisible();
});

test("a row goes from an open sheet with the conversation that leaves one's sight", async ({ enter, newCustomer }) => {
  const [ana, bruno] = [await enter("Ana"), await enter("Bruno")];
  await (await newCustomer("Marina Sousa", "+55 11 98765-4321")).writes("Oi!");
  await open(ana, "Marina Sousa");
  await transfer(ana, "Bruno");
  await reports(bruno);
  await bruno.getByRole("button", { name: "Hoje", exact: true }).click();
  await card(bruno, "Chegadas").getByRole("button", { name: "Chegadas: 2. Abrir as linhas." }).click();
  const rows = bruno.getByRole("dialog", { name: "Chegadas" }).getByRole("listitem");
  await expect(rows.filter({ hasText: "Marina Sousa" })).toHaveCount(1);

  // Of the other team's conversations he sees none; nobody's rights change.
  await transfer(ana, "Jurídico");
  await expect(rows.filter({ hasText: "Marina Sousa" })).toHaveCount(0);
  await expect(rows).toHaveCount(1);
});

test("without a connection the numbers say that they are from before, and are asked for again when it is back", async ({ enter, faults }) => {
  faults.expect(/ERR_INTERNET_DISCONNECTED/);
  const ana = await enter("Ana");
  await reports(ana);
  const arrivals = card(ana, "Chegadas");
  await expect(arrivals).toBeVisible();
  await ana.context().setOffline(true);
  const before = ana.getByText("Sem conexão: estes números são de antes e podem ter mudado.");
  await expect(before).toBeVisible({ timeout: 45_000 });

  // Whoever looks elsewhere meanwhile finds the question as it was, with all that it can be narrowed to.
  await ana.getByRole("link", { name: /^Painel/ }).click();
  await reports(ana);
  await expect(ana.getByText("Sem conexão: o relatório precisa do servidor.")).toBeVisible();
  await expect(ana.getByRole("combobox", { name: "Equipe", exact: true }).getByRole("option", { name: "Jurídico" })).toHaveCount(1);
  await ana.context().setOffline(false);
  await expect(arrivals).toBeVisible({ timeout: 45_000 });
  await expect(before).toHaveCount(0);
});
