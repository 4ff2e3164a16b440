// The main job, end to end: a customer's message reaches the right attendant's screen, live, and the answer goes back.

import type { Page } from "@playwright/test";

import { open, start, write } from "../support/desk.ts";
import { expect, test } from "../support/test.ts";

const QUESTION = "Oi! O pedido 4821 ainda não chegou, conseguem ver?";
const ANSWER = "Boa tarde! Já localizei, chega amanhã.";

const row = (page: Page, words: RegExp) => page.getByRole("button", { name: words }).first();
const tab = (page: Page, name: string) => page.getByRole("tab", { name: new RegExp(`^${name}`) });

/** On a narrow screen a conversation covers the list. */
async function backToList(page: Page): Promise<void> {
  const back = page.getByRole("button", { name: "Voltar à lista" });
  if (await back.isVisible()) await back.click();
}

test("a message rings at one attendant, passes on, is answered, and the ticks come back", async ({ enter, newCustomer, moveClock, accessible }) => {
  const [ana, bruno, eva] = [await enter("Ana"), await enter("Bruno"), await enter("Eva")];
  const marina = await newCustomer("Marina Sousa", "+55 11 98765-4321");

  await marina.writes(QUESTION);
  await expect(row(ana, /^Marina Sousa.*para você/)).toBeVisible();
  await expect(row(eva, /^Marina Sousa.*oferecida a Ana/)).toBeVisible();
  await expect(row(bruno, /^Marina Sousa/)).toHaveCount(0);
  await accessible(ana);

  await moveClock({ minutes: 10 });
  await expect(row(bruno, /^Marina Sousa.*para você/)).toBeVisible();
  await expect(row(ana, /^Marina Sousa.*oferecida a Bruno/)).toBeVisible();

  await open(bruno, "Marina Sousa");
  await expect(bruno.getByText(QUESTION).last()).toBeVisible();
  await start(bruno);
  await write(bruno, ANSWER);
  await expect.poll(() => marina.received()).toEqual([ANSWER]);
  await expect(bruno.getByRole("region", { name: "Mensagens" }).getByTitle("Entregue")).toBeVisible();
  await marina.reads();
  await expect(bruno.getByRole("region", { name: "Mensagens" }).getByTitle("Lida")).toBeVisible();
  await accessible(bruno);

  await bruno.reload();
  // The conversation that was on screen is on screen again; on a narrow one it covers the list.
  await expect(bruno.getByText(ANSWER).last()).toBeVisible();
  await backToList(bruno);
  await tab(bruno, "Meus").click();
  await expect(row(bruno, /^Marina Sousa/)).toBeVisible();
});

test("a network that goes and comes back loses nothing", async ({ enter, newCustomer, faults }) => {
  faults.expect(/ERR_INTERNET_DISCONNECTED/);
  const ana = await enter("Ana");
  const marina = await newCustomer("Marina Sousa", "+55 11 98765-4321");
  await marina.writes(QUESTION);
  await open(ana, "Marina Sousa");
  await start(ana);
  await expect(ana.getByRole("textbox", { name: /^Mensagem para/ })).toBeVisible();

  await ana.context().setOffline(true);
  await write(ana, ANSWER);
  await expect(ana.getByText(ANSWER).last()).toBeVisible();
  await marina.writes("Alguém aí?");
  expect(await marina.received()).toEqual([]);

  await ana.context().setOffline(false);
  await expect(ana.getByText("Alguém aí?").last()).toBeVisible({ timeout: 45_000 });
  await expect.poll(() => marina.received()).toEqual([ANSWER]);
});

test("with the window closed a text waits, and leaves when the customer answers", async ({ enter, newCustomer, moveClock }) => {
  const ana = await enter("Ana");
  const marina = await newCustomer("Marina Sousa", "+55 11 98765-4321");
  await marina.writes(QUESTION);
  await open(ana, "Marina Sousa");
  await start(ana);
  await ana.getByRole("textbox", { name: /^Mensagem para/ }).fill("Seu reembolso");

  await moveClock({ hours: 24, minutes: 1 });
  await expect(ana.getByText("A janela está fechada: mensagens ficam na fila até o contato responder.")).toBeVisible();
  await expect(ana.getByRole("textbox", { name: /^Mensagem para/ })).toHaveValue("Seu reembolso");
  await write(ana, "Seu reembolso saiu hoje.");
  await expect(ana.getByText("Aguardando resposta do contato").first()).toBeVisible();
  expect(await marina.received()).toEqual([]);

  await marina.writes("Bom dia");
  await expect.poll(() => marina.received()).toEqual(["Seu reembolso saiu hoje."]);
  await expect(ana.getByText("Aguardando resposta do contato")).toHaveCount(0);
});

test("a start that comes too late is refused and says who was faster", async ({ enter, newCustomer, moveClock, faults }) => {
  faults.expect(/ERR_INTERNET_DISCONNECTED/);
  const [ana, bruno, davi] = [await enter("Ana"), await enter("Bruno"), await enter("Davi")];
  const marina = await newCustomer("Marina Sousa", "+55 11 98765-4321");
  await marina.writes(QUESTION);
  await expect(row(ana, /^Marina Sousa.*para você/)).toBeVisible();
  // Nobody starts it within the hour, so it is open to the whole team.
  await moveClock({ minutes: 60 });
  await open(bruno, "Marina Sousa");
  await open(davi, "Marina Sousa");
  await davi.context().setOffline(true);
  await davi.getByRole("button", { name: "Iniciar" }).last().click();
  await start(bruno);
  await expect(bruno.getByRole("textbox", { name: /^Mensagem para/ })).toBeVisible();
  await davi.context().setOffline(false);
  await expect(davi.getByRole("region", { name: "Avisos" }).getByText(/Bruno/).first()).toBeVisible({ timeout: 45_000 });
  await backToList(davi);
  await tab(davi, "Outros").click();
  await expect(row(davi, /^Marina Sousa/)).toBeVisible();
});

test("two tabs of one person agree, and what is concluded leaves both", async ({ enter, newCustomer }) => {
  const ana = await enter("Ana");
  const other = await ana.context().newPage();
  await other.goto("/");
  const marina = await newCustomer("Marina Sousa", "+55 11 98765-4321");
  await marina.writes(QUESTION);
  await open(ana, "Marina Sousa");
  await start(ana);
  await tab(other, "Meus").click();
  await expect(row(other, /^Marina Sousa/)).toBeVisible();
  await ana.getByRole("button", { name: /^Concluir/ }).first().click();
  await ana.getByRole("dialog").getByRole("button", { name: /^Concluir/ }).click();
  await expect(row(other, /^Marina Sousa/)).toHaveCount(0);
  await tab(other, "Concluídos").click();
  await expect(row(other, /^Marina Sousa/)).toBeVisible();
});

test("the customer's phone is a page of its own", async ({ enter, visit, accessible }) => {
  const ana = await enter("Ana");
  const phone = await visit("/simulador");
  await phone.getByRole("button", { name: /Mariana Duarte/ }).first().click();
  await phone.getByRole("textbox", { name: "Mensagem do cliente" }).fill(QUESTION);
  await phone.getByRole("button", { name: "Enviar como cliente" }).click();
  await expect(row(ana, /^Mariana Duarte.*para você/)).toBeVisible();
  await accessible(phone);
});

test("the way in is accessible and a stranger gets no further", async ({ visit, accessible }) => {
  const page = await visit("/");
  await expect(page).toHaveURL(/\/entrar$/);
  await expect(page.getByRole("button", { name: "Enviar código" })).toBeVisible();
  await accessible(page);
});
