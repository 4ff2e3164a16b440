// What an attendant leans on all day: nothing written is lost, and nothing that matters has to be looked for.

import type { Page, WebSocketRoute } from "@playwright/test";

import { box, bubbles, open, serve, transfer } from "../support/desk.ts";
import type { Customer } from "../support/phone.ts";
import { expect, test } from "../support/test.ts";

/** Lets what the server says through, and keeps back what the page says while `silent` holds. */
async function silence(page: Page): Promise<{ silent: boolean }> {
  const line = { silent: false };
  await page.routeWebSocket(/\/sync\/v1/, (socket: WebSocketRoute) => {
    const server = socket.connectToServer();
    socket.onMessage((message) => {
      if (!line.silent) server.send(message);
    });
  });
  return line;
}

/** Serves a customer who has asked much, and goes up to what was asked first. */
async function readOlder(page: Page, customer: Customer): Promise<void> {
  for (let n = 0; n < 30; n += 1) await customer.writes(`Pergunta ${n}`);
  await serve(page, "Marina Sousa");
  await bubbles(page).hover();
  await page.mouse.wheel(0, -5000);
  await expect(page.getByRole("button", { name: "Ir para a mais recente" })).toBeVisible();
}

test("a draft is there again after a reload", async ({ enter, newCustomer }) => {
  const ana = await enter("Ana");
  const marina = await newCustomer("Marina Sousa", "+55 11 98765-4321");
  await marina.writes("Oi!");
  await serve(ana, "Marina Sousa");
  await box(ana).fill("Um momento,\nvou ver");
  await ana.reload();
  await expect(box(ana)).toHaveValue("Um momento,\nvou ver");
});

test("a text that was sent into silence goes out after a reload, once", async ({ visit, newCustomer }) => {
  const page = await visit("about:blank");
  const line = await silence(page);
  await page.goto("/");
  await page.getByRole("button", { name: /^Ana\b/ }).click();
  const marina = await newCustomer("Marina Sousa", "+55 11 98765-4321");
  await marina.writes("Oi!");
  await serve(page, "Marina Sousa");

  line.silent = true;
  await box(page).fill("Já estou vendo.");
  await page.keyboard.press("Enter");
  await expect(bubbles(page).getByTitle("Enviando")).toBeVisible();
  expect(await marina.received()).toEqual([]);

  line.silent = false;
  await page.reload();
  await expect(bubbles(page).getByText("Já estou vendo.")).toHaveCount(1);
  await expect(bubbles(page).getByTitle("Entregue")).toBeVisible();
  await expect.poll(() => marina.received()).toEqual(["Já estou vendo."]);

  await page.reload();
  await expect(bubbles(page).getByTitle("Entregue")).toBeVisible();
  expect(await marina.received()).toEqual(["Já estou vendo."]);
});

test("a text written without a connection says when it leaves", async ({ enter, newCustomer, faults }) => {
  faults.expect(/ERR_INTERNET_DISCONNECTED/);
  const ana = await enter("Ana");
  const marina = await newCustomer("Marina Sousa", "+55 11 98765-4321");
  await marina.writes("Oi!");
  await serve(ana, "Marina Sousa");
  await ana.context().setOffline(true);
  await box(ana).fill("Bom dia!");
  await ana.keyboard.press("Enter");
  await expect(bubbles(ana).getByText("Sai quando a conexão voltar").last()).toBeVisible();
});

test("whoever writes sees what they wrote", async ({ enter, newCustomer }) => {
  const ana = await enter("Ana");
  const marina = await newCustomer("Marina Sousa", "+55 11 98765-4321");
  await readOlder(ana, marina);
  await box(ana).fill("Uma de cada vez!\nUma\nde\ncada\nvez");
  await ana.keyboard.press("Enter");
  await expect(bubbles(ana).getByText("Uma de cada vez!")).toBeInViewport();
  await expect(ana.getByRole("button", { name: "Ir para a mais recente" })).toBeHidden();
});

test("until it is started a conversation is offered to somebody, and is nobody's", async ({ enter, newCustomer }) => {
  const ana = await enter("Ana");
  const marina = await newCustomer("Marina Sousa", "+55 11 98765-4321");
  await marina.writes("Oi!");
  await open(ana, "Marina Sousa");
  const show = ana.getByRole("button", { name: "Detalhes do contato" });
  if (await show.isVisible()) await show.click();
  const details = ana.getByRole("complementary", { name: "Contato" });
  await expect(details.getByText("Oferecida a", { exact: true })).toBeVisible();
  await expect(details.getByText("Responsável")).toHaveCount(0);
  await ana.keyboard.press("i");
  await expect(details.getByText("Responsável")).toBeVisible();
  await expect(details.getByText("Oferecida a", { exact: true })).toHaveCount(0);
});

test("the number in the title counts what is one's own to take up", async ({ enter, newCustomer }) => {
  const [ana, bruno] = [await enter("Ana"), await enter("Bruno")];
  const before = Number(/^\((\d+)\)/.exec(await ana.title())?.[1] ?? 0);
  await (await newCustomer("Marina Sousa", "+55 11 98765-4321")).writes("Oi!");
  await expect(ana).toHaveTitle(new RegExp(`^\\(${before + 1}\\)`));
  await (await newCustomer("Joaquim Teles", "+55 11 98765-4322")).writes("Oi!");
  await expect(bruno.getByRole("button", { name: /^Joaquim Teles.*para você/ })).toBeVisible();
  await expect(ana.getByRole("button", { name: /^Joaquim Teles.*oferecida a Bruno/ })).toBeVisible();
  await expect(ana).toHaveTitle(new RegExp(`^\\(${before + 1}\\)`));
});

test("the chosen appearance is there before the desk is", async ({ enter }) => {
  const ana = await enter("Ana");
  await ana.getByRole("button", { name: /abrir menu/ }).click();
  await ana.getByText("Escura", { exact: true }).click();
  await expect(ana.locator("html")).toHaveAttribute("data-theme", "dark");
  const dark = await ana.evaluate(() => getComputedStyle(document.body).backgroundColor);
  // While the desk's own code does not come, what is on screen is what is painted first.
  await ana.route("**/pkg/desk.*", () => undefined);
  await ana.reload();
  await expect(ana.locator("#skeleton")).toBeVisible();
  expect(await ana.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(dark);
});

test("a customer taps a button, and the desk shows which", async ({ enter, visit, accessible }) => {
  const ana = await enter("Ana");
  const phone = await visit("/simulador");
  await phone.getByRole("button", { name: /Mariana Duarte/ }).first().click();
  await phone.getByRole("button", { name: "Falar com alguém" }).click();
  const row = ana.getByRole("button", { name: /^Mariana Duarte.*Botão tocado · Falar com alguém.*para você/ });
  await expect(row).toBeVisible();
  await row.click();
  await expect(bubbles(ana).getByText("Botão tocado · Falar com alguém")).toBeVisible();

  await phone.getByRole("button", { name: "Receber o modelo pedido_pronto" }).click();
  await expect(phone.getByRole("button", { name: "Busco na loja" })).toHaveCount(2);
  await phone.getByRole("button", { name: "Busco na loja" }).last().click();
  await expect(bubbles(ana).getByText("Botão tocado · Busco na loja")).toBeVisible();
  await accessible(phone);
});

test("the place to write follows who has the conversation", async ({ enter, newCustomer }) => {
  const [ana, davi] = [await enter("Ana"), await enter("Davi")];
  const rita = await newCustomer("Rita Barros", "+55 11 98765-4325", "Balcão");
  await rita.writes("Oi!");
  await open(davi, "Rita Barros");
  await expect(davi.getByText("Inicie o atendimento para responder.")).toBeVisible();
  await serve(ana, "Rita Barros");
  await expect(davi.getByText("Ana está atendendo.")).toBeVisible();
  await transfer(ana, "Jurídico");
  await expect(davi.getByText("Inicie o atendimento para responder.")).toBeVisible();
});

test("what was written for a conversation that somebody else started stays in sight", async ({ enter, newCustomer, faults }) => {
  faults.expect(/ERR_INTERNET_DISCONNECTED/);
  const [ana, davi] = [await enter("Ana"), await enter("Davi")];
  const rita = await newCustomer("Rita Barros", "+55 11 98765-4325", "Balcão");
  await rita.writes("Oi!");
  await open(davi, "Rita Barros");
  await davi.context().setOffline(true);
  await davi.getByRole("button", { name: "Iniciar" }).last().click();
  await box(davi).fill("Oi, Rita! Já vejo.");
  await davi.keyboard.press("Enter");
  await serve(ana, "Rita Barros");
  await davi.context().setOffline(false);
  const notices = davi.getByRole("region", { name: "Avisos" });
  await expect(notices.getByText("Ana iniciou este atendimento antes de você.")).toHaveCount(1, { timeout: 45_000 });
  await expect(davi.getByLabel("Rascunho guardado")).toHaveText("Oi, Rita! Já vejo.");
  await davi.getByRole("button", { name: "Excluir" }).click();
  await expect(davi.getByLabel("Rascunho guardado")).toHaveCount(0);
});

test("what comes while somebody reads older messages is counted, and an address can be followed", async ({ enter, newCustomer }) => {
  const ana = await enter("Ana");
  const marina = await newCustomer("Marina Sousa", "+55 11 98765-4321");
  await readOlder(ana, marina);
  await marina.writes("É este: https://aurora.example/vaso-azul.");
  await ana.getByRole("button", { name: "1 mensagem nova" }).click();
  const address = bubbles(ana).getByRole("link", { name: "https://aurora.example/vaso-azul", exact: true });
  await expect(address).toBeInViewport();
  await expect(address).toHaveAttribute("rel", /noopener/);
});

test("whoever is unavailable is told so, and becomes available with one press", async ({ enter, accessible }) => {
  const carla = await enter("Carla");
  await expect(carla.getByText("Você está indisponível: novas conversas vão para outras pessoas.").first()).toBeVisible();
  await accessible(carla);
  await carla.getByRole("button", { name: "Ficar disponível" }).click();
  await expect(carla.getByRole("button", { name: "Ficar disponível" })).toHaveCount(0);
  await expect(carla.getByRole("button", { name: /^Carla, Disponível/ })).toBeVisible();
});

test("what one person wrote is not for the next one at the same browser", async ({ enter, newCustomer }) => {
  const drafts = (page: Page) => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("ciranda.draft.")));
  const ana = await enter("Ana");
  await (await newCustomer("Marina Sousa", "+55 11 98765-4321")).writes("Oi!");
  await serve(ana, "Marina Sousa");
  await box(ana).fill("Só entre nós");
  expect(await drafts(ana)).toHaveLength(1);
  // Her session ends without her logging out.
  await ana.context().clearCookies();
  await ana.goto("/entrar");
  await ana.getByRole("button", { name: /^Bruno\b/ }).click();
  await expect(ana.getByRole("button", { name: /^Bruno, Disponível/ })).toBeVisible();
  expect(await drafts(ana)).toEqual([]);
});

test("a draft in one tab outlives what another tab sends", async ({ enter, newCustomer }) => {
  const ana = await enter("Ana");
  await (await newCustomer("Marina Sousa", "+55 11 98765-4321")).writes("Oi!");
  await serve(ana, "Marina Sousa");
  const other = await ana.context().newPage();
  await other.goto(ana.url());
  await box(ana).fill("Ainda escrevendo");
  await box(other).fill("Um momento");
  await other.keyboard.press("Enter");
  await expect(box(other)).toHaveValue("");
  await expect(bubbles(ana).getByText("Um momento")).toBeVisible();
  await ana.reload();
  await expect(box(ana)).toHaveValue("Ainda escrevendo");
});

test("a transfer is found without accents, goes with Enter, and needs no explanation to whoever made it", async ({ enter, newCustomer }) => {
  const [ana, bruno] = [await enter("Ana"), await enter("Bruno")];
  await (await newCustomer("Marina Sousa", "+55 11 98765-4321")).writes("Oi!");
  await expect(ana.getByRole("button", { name: /^Marina Sousa.*para você/ })).toBeVisible();
  await (await newCustomer("Joaquim Teles", "+55 11 98765-4322")).writes("Oi!");
  await serve(bruno, "Joaquim Teles");
  await bruno.getByRole("button", { name: /^Transferir/ }).click();
  await bruno.getByRole("textbox", { name: "Filtrar por nome" }).fill("juridico");
  await bruno.keyboard.press("Enter");
  await expect(bruno.getByRole("dialog")).toHaveCount(0);
  await expect(bruno.getByRole("heading", { name: "Joaquim Teles", level: 1 })).toBeHidden();
  await expect(bruno.getByRole("tab", { name: /^Meus/ })).toBeVisible();
  await expect(bruno.getByText("Você não vê mais esta conversa")).toHaveCount(0);
});

test("an address that leads nowhere says so", async ({ enter, faults }) => {
  faults.expect(/404/);
  const ana = await enter("Ana");
  await ana.goto("/#conversa-0192a000-0000-7000-8000-000000000000");
  await ana.reload();
  await expect(ana.getByText("Não encontramos o que você pediu.")).toBeVisible();
  await ana.goto("/nada");
  await expect(ana).toHaveURL(/\/$/);
  await expect(ana.getByText("Não encontramos o que você pediu.")).toBeVisible();
});

test("the way in says that the server does not answer, and opens when it does", async ({ visit, faults }) => {
  faults.expect(/503/);
  const page = await visit("about:blank");
  const options = "**/api/fn/sign_in_options*";
  await page.route(options, (route) => route.fulfill({ status: 503, body: "" }));
  await page.goto("/entrar");
  await expect(page.getByText("O servidor não está respondendo. Seguimos tentando.")).toBeVisible();
  await page.unroute(options);
  await expect(page.getByRole("button", { name: /^Ana\b/ })).toBeVisible();
  await expect(page.getByText("O servidor não está respondendo. Seguimos tentando.")).toHaveCount(0);
  await expect(page.getByText("Nesta demonstração o código aparece no registro do servidor.")).toBeVisible();
});
