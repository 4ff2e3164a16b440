// What happened while nobody could hear it is told, what stopped says so, and what lies above goes first.

import type { APIRequestContext, Page } from "@playwright/test";

import { box, bubbles, open, serve, write } from "../support/desk.ts";
import { expect, test } from "../support/test.ts";

/** What is told of one conversation that came while the account was closed. */
const OVERNIGHT = "Chegaram fora do horário e esperam por você: 1";

async function live(page: Page): Promise<void> {
  await expect(page.getByText("ao vivo", { exact: true }).first()).toBeVisible();
}

async function goAway(page: Page): Promise<void> {
  await page.context().setOffline(true);
  await expect(page.getByText(/^sem conexão/).first()).toBeVisible();
}

/** Marina writes in the night, and is offered to Ana then and there: Eva, who supervises, sees it. */
async function offeredOvernight(eva: Page, newCustomer: (name: string, phone: string) => Promise<{ writes(text: string): Promise<void> }>): Promise<void> {
  await (await newCustomer("Marina Sousa", "+55 11 98765-4321")).writes("Oi!");
  await expect(eva.getByRole("button", { name: /^Marina Sousa.*oferecida a Ana/ })).toBeVisible();
}

/** Comes back and finds what was offered meanwhile. */
async function comeBack(page: Page, offered: RegExp): Promise<void> {
  await page.context().setOffline(false);
  await expect(page.getByRole("button", { name: offered })).toBeVisible({ timeout: 45_000 });
  await live(page);
}

test("an offer that came while the connection was away is told when it is back", async ({ enter, newCustomer, faults }) => {
  faults.expect(/ERR_INTERNET_DISCONNECTED/);
  const ana = await enter("Ana");
  await live(ana);
  await goAway(ana);
  await (await newCustomer("Marina Sousa", "+55 11 98765-4321")).writes("Oi!");
  await expect(ana.getByRole("button", { name: /^Marina Sousa/ })).toHaveCount(0);
  await comeBack(ana, /^Marina Sousa.*para você/);
  await expect(ana.getByText("Nova conversa de Marina Sousa")).toHaveCount(1);
});

/** Seconds until half a minute after the next opening: at 8:00 in São Paulo it is 11:00 UTC. */
async function untilJustOpen(api: APIRequestContext): Promise<number> {
  const { now_ms } = (await (await api.get("/simulador/relogio")).json()) as { now_ms: number };
  const [day, opened] = [24 * 3600, 11 * 3600 + 30];
  const second = Math.floor(now_ms / 1000) % day;
  return (opened - second + day) % day;
}

test("an offer made while the account is closed is silent, and told once at the opening", async ({ enter, newCustomer, moveClock, api }) => {
  const [ana, bruno] = [await enter("Ana"), await enter("Bruno")];
  await live(ana);
  // The demo begins in the morning: this is late in the evening.
  await moveClock({ hours: 14 });
  await (await newCustomer("Marina Sousa", "+55 11 98765-4321")).writes("Oi!");
  await expect(ana.getByRole("button", { name: /^Marina Sousa.*para você/ })).toBeVisible();
  await expect(ana.getByText("Nova conversa de Marina Sousa")).toHaveCount(0);
  await moveClock({ seconds: await untilJustOpen(api) });
  await expect(ana.getByText(OVERNIGHT).first()).toBeVisible();
  await expect(ana.getByText("Nova conversa de Marina Sousa")).toHaveCount(0);
  // In the open day the next one rings.
  await (await newCustomer("Otávio Lima", "+55 11 98765-4322")).writes("Bom dia!");
  await expect(bruno.getByText("Nova conversa de Otávio Lima")).toHaveCount(1);
});

test("whoever was away at the opening is told on return of what came overnight", async ({ enter, newCustomer, moveClock, api, faults }) => {
  faults.expect(/ERR_INTERNET_DISCONNECTED/);
  const [ana, eva] = [await enter("Ana"), await enter("Eva")];
  await live(ana);
  await moveClock({ hours: 14 });
  await goAway(ana);
  await offeredOvernight(eva, newCustomer);
  await moveClock({ seconds: await untilJustOpen(api) });
  await comeBack(ana, /^Marina Sousa.*para você/);
  await expect(ana.getByText(OVERNIGHT).first()).toBeVisible();
  await expect(ana.getByText("Nova conversa de Marina Sousa")).toHaveCount(0);
  // Told once: whoever looks again sees what waits, and hears nothing.
  await ana.reload();
  await expect(ana.getByRole("button", { name: /^Marina Sousa.*para você/ })).toBeVisible();
  await live(ana);
  await expect(ana.getByText(OVERNIGHT)).toHaveCount(0);
});

test("whoever comes in after the opening is told of what waits since the night", async ({ enter, newCustomer, moveClock, api }) => {
  // The demo begins with whoever comes first.
  const eva = await enter("Eva");
  await live(eva);
  await moveClock({ hours: 14 });
  await offeredOvernight(eva, newCustomer);
  await moveClock({ seconds: await untilJustOpen(api) });
  const ana = await enter("Ana");
  await expect(ana.getByRole("button", { name: /^Marina Sousa.*para você/ })).toBeVisible();
  await expect(ana.getByText(OVERNIGHT).first()).toBeVisible();
});

test("whoever comes back before the opening hears nothing of the night", async ({ enter, newCustomer, moveClock, faults }) => {
  faults.expect(/ERR_INTERNET_DISCONNECTED/);
  const ana = await enter("Ana");
  await live(ana);
  await moveClock({ hours: 14 });
  await goAway(ana);
  await (await newCustomer("Marina Sousa", "+55 11 98765-4321")).writes("Oi!");
  await comeBack(ana, /^Marina Sousa.*para você/);
  await expect(ana.getByText("Nova conversa de Marina Sousa")).toHaveCount(0);
});

test("texts stopped behind one that failed say so, and go on in order when somebody says so", async ({ enter, newCustomer, moveClock, accessible }) => {
  const [ana, eva] = [await enter("Ana"), await enter("Eva")];
  const marina = await newCustomer("Marina Sousa", "+55 11 98765-4321");
  await marina.writes("Oi!");
  await serve(ana, "Marina Sousa");
  await eva.getByRole("tab", { name: /^Outros/ }).click();
  await open(eva, "Marina Sousa");
  await moveClock({ hours: 24, minutes: 1 });
  await expect(ana.getByRole("button", { name: "Deixar na fila" })).toBeVisible();
  for (const text of ["Primeiro", "Segundo", "Terceiro"]) {
    await write(ana, text);
    await expect(box(ana)).toHaveValue("");
  }
  await expect(bubbles(ana).getByTitle("Aguardando resposta do contato")).toHaveCount(3);
  // They wait where the customer's answer arrives, too, and not only on the screen of who wrote them.
  await expect(bubbles(eva).getByText("Terceiro")).toBeVisible();
  await marina.refuses(131_026);
  await marina.writes("Bom dia");

  await expect(bubbles(ana).getByText("Parou porque a anterior não saiu.")).toBeVisible();
  await expect(bubbles(ana).getByText("Sai depois da anterior.")).toHaveCount(1);
  await expect(bubbles(ana).getByText(/Aguardando resposta do contato/)).toHaveCount(0);
  await expect(ana.getByText("O que você escrever sai depois das mensagens que estão na fila.")).toBeVisible();
  await expect(ana.getByRole("button", { name: "Deixar na fila" })).toBeVisible();
  await accessible(ana);
  await bubbles(ana).getByRole("button", { name: "Enviar agora: Segundo" }).click();
  await expect.poll(() => marina.received()).toEqual(["Segundo", "Terceiro"]);
  await expect(ana.getByRole("button", { name: "Enviar", exact: true })).toBeVisible();
});

test("what lies above a conversation goes before it does", async ({ enter, newCustomer }) => {
  const ana = await enter("Ana");
  // Beside a wide conversation there is room for it.
  await ana.setViewportSize({ width: 390, height: 844 });
  await (await newCustomer("Marina Sousa", "+55 11 98765-4321")).writes("Oi!");
  await open(ana, "Marina Sousa");
  const contact = ana.getByRole("complementary", { name: "Contato" });
  const [details, heading] = [ana.getByRole("button", { name: "Detalhes do contato" }), ana.getByRole("heading", { name: "Marina Sousa", level: 1 })];

  await details.click();
  await expect(contact).toBeVisible();
  await ana.keyboard.press("Escape");
  await expect(contact).toBeHidden();
  await expect(heading).toBeVisible();

  await details.click();
  await ana.goBack();
  await expect(contact).toBeHidden();
  await expect(heading).toBeVisible();

  await ana.getByRole("button", { name: /^Transferir/ }).click();
  await ana.goBack();
  await expect(ana.getByRole("dialog")).toHaveCount(0);
  await expect(heading).toBeVisible();

  await ana.goBack();
  await expect(heading).toBeHidden();
  await expect(ana.getByRole("tab", { name: /^Novos/ })).toBeVisible();
});

test("a narrowed window never leaves the contact over the conversation", async ({ enter, newCustomer }) => {
  const ana = await enter("Ana");
  await ana.setViewportSize({ width: 1440, height: 900 });
  await (await newCustomer("Marina Sousa", "+55 11 98765-4321")).writes("Oi!");
  await open(ana, "Marina Sousa");
  await expect(ana.getByRole("complementary", { name: "Contato" })).toBeVisible();
  await ana.setViewportSize({ width: 720, height: 450 });
  await expect(ana.getByRole("complementary", { name: "Contato" })).toBeHidden();
  await ana.getByRole("button", { name: "Iniciar" }).last().click();
  await expect(box(ana)).toBeVisible();
});
