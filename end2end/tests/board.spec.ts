// The supervisors' board: it follows what happens, every number opens its rows, and conversations are moved on it.

import type { Page } from "@playwright/test";

import { open, serve } from "../support/desk.ts";
import { expect, test } from "../support/test.ts";

/** Goes to the board. */
async function board(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Painel" }).click();
  await expect(page.getByRole("heading", { name: "Painel", level: 1 })).toBeVisible();
  await expect(figure(page, "Na fila")).toBeVisible();
}

/** One of the numbers at the top. */
const figure = (page: Page, name: string) => page.locator(".figures button", { hasText: name });

/** A conversation in the lanes. */
const slip = (page: Page, name: string) => page.locator(".lanes .slip", { hasText: name });

/** A person's line. */
const line = (page: Page, name: string) => page.locator("tr[data-person]", { hasText: name });

test("what waits is there at once, with who is offered it and their ring", async ({ enter, newCustomer, accessible }) => {
  const eva = await enter("Eva");
  await board(eva);
  await expect(figure(eva, "Na fila").locator("b")).toHaveText("0");
  await accessible(eva);
  const marina = await newCustomer("Marina Sousa", "+55 11 98765-4321");
  await marina.writes("Oi!");
  await expect(slip(eva, "Marina Sousa")).toContainText("para Ana · 1ª oferta");
  await expect(slip(eva, "Marina Sousa").getByTitle(/Passa adiante em/)).toBeVisible();
  await expect(figure(eva, "Na fila").locator("b")).toHaveText("1");
  await expect(line(eva, "Ana").getByRole("button", { name: "Ana: Oferecidas 1" })).toBeVisible();
  await accessible(eva);
});

test("a hop moves on the board without a touch", async ({ enter, newCustomer, moveClock }) => {
  const eva = await enter("Eva");
  await board(eva);
  const marina = await newCustomer("Marina Sousa", "+55 11 98765-4321");
  await marina.writes("Oi!");
  await expect(slip(eva, "Marina Sousa")).toContainText("para Ana");
  await moveClock({ minutes: 10, seconds: 1 });
  await expect(slip(eva, "Marina Sousa")).toContainText("para Bruno · 2ª oferta");
  // The customer has waited since they wrote, whoever it was offered to.
  await expect(figure(eva, "Na fila")).toContainText("mais antiga há 10 min");
});

test("a conversation dragged onto a person is theirs, on their screen too", async ({ enter, newCustomer }, info) => {
  const eva = await enter("Eva");
  const davi = await enter("Davi");
  await board(eva);
  const marina = await newCustomer("Marina Sousa", "+55 11 98765-4321");
  await marina.writes("Oi!");
  if (info.project.name === "narrow") {
    // Fingers do not drag here: the button leads to the same.
    await slip(eva, "Marina Sousa").getByRole("button", { name: "Mover Marina Sousa" }).click();
    await eva.getByRole("dialog").getByRole("button", { name: "Davi" }).click();
  } else {
    await slip(eva, "Marina Sousa").dragTo(line(eva, "Davi"));
  }
  await expect(line(eva, "Davi").getByRole("button", { name: "Davi: Em andamento 1" })).toBeVisible();
  await expect(slip(eva, "Marina Sousa")).toHaveCount(0);
  await davi.getByRole("tab", { name: /^Meus/ }).click();
  await open(davi, "Marina Sousa");
});

test("the help is the same on the board as at the desk", async ({ enter }) => {
  const eva = await enter("Eva");
  await board(eva);
  await eva.keyboard.press("?");
  const help = eva.getByRole("dialog", { name: "Atalhos" });
  await expect(help).toContainText("Mover para outra pessoa ou equipe");
  await eva.keyboard.press("Escape");
  await expect(help).toHaveCount(0);
});

test("the keyboard moves a conversation as well, and says where it cannot go", async ({ enter, newCustomer, accessible }) => {
  const eva = await enter("Eva");
  await board(eva);
  const marina = await newCustomer("Marina Sousa", "+55 11 98765-4321");
  await marina.writes("Oi!");
  await slip(eva, "Marina Sousa").getByRole("button", { name: /^Marina Sousa/ }).focus();
  await eva.keyboard.press("m");
  const dialog = eva.getByRole("dialog", { name: "Mover a conversa com Marina Sousa" });
  await expect(dialog).toBeVisible();
  await accessible(eva);
  await eva.keyboard.type("zz");
  await expect(dialog).toContainText("Ninguém com esse nome pode receber a conversa.");
  await dialog.getByRole("textbox").fill("bru");
  await eva.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  await expect(line(eva, "Bruno").getByRole("button", { name: "Bruno: Em andamento 1" })).toBeVisible();
});

test("an offer to somebody else is not taken by one key, and the keyboard goes on beside it", async ({ enter, newCustomer, accessible }) => {
  const eva = await enter("Eva");
  await board(eva);
  for (const [name, phone] of [["Marina Sousa", "+55 11 98765-4321"], ["Joaquim Teles", "+55 11 98765-4322"]] as const) {
    await (await newCustomer(name, phone)).writes("Oi!");
    await expect(slip(eva, name)).toBeVisible();
  }
  const [marina, joaquim] = ["Marina Sousa", "Joaquim Teles"].map((name) => slip(eva, name).getByRole("button", { name: new RegExp(`^${name}`) }));
  await marina.focus();
  await eva.keyboard.press("a");
  const asked = eva.getByRole("dialog", { name: "Assumir a conversa de Marina Sousa?" });
  await expect(asked).toContainText(/Ela está oferecida a \w+ neste momento/);
  await accessible(eva);
  await eva.keyboard.press("Enter");
  await expect(marina).toHaveCount(0);
  await expect(joaquim).toBeFocused();
});

test("whoever turned single keys off moves with the buttons only", async ({ enter, newCustomer }) => {
  const eva = await enter("Eva");
  await board(eva);
  await (await newCustomer("Marina Sousa", "+55 11 98765-4321")).writes("Oi!");
  await eva.keyboard.press("?");
  const help = eva.getByRole("dialog", { name: "Atalhos" });
  await help.getByRole("switch").uncheck();
  await eva.keyboard.press("Escape");
  await expect(help).toHaveCount(0);
  await expect(eva.getByText("Setas andam pelas linhas e entre as faixas, Enter abre.", { exact: true })).toBeAttached();
  await slip(eva, "Marina Sousa").getByRole("button", { name: /^Marina Sousa/ }).focus();
  for (const key of ["m", "p", "a"]) {
    await eva.keyboard.press(key);
    await expect(eva.getByRole("dialog")).toHaveCount(0);
  }
  await (await newCustomer("Joaquim Teles", "+55 11 98765-4322")).writes("Oi!");
  await expect(slip(eva, "Joaquim Teles")).toBeVisible();
  await slip(eva, "Marina Sousa").getByRole("button", { name: /^Mover/ }).focus();
  await eva.keyboard.press("Enter");
  await expect(eva.getByRole("dialog", { name: "Mover a conversa com Marina Sousa" })).toBeVisible();
  await eva.keyboard.type("bru");
  await eva.keyboard.press("Enter");
  await expect(slip(eva, "Marina Sousa")).toHaveCount(0);
  await expect(slip(eva, "Joaquim Teles").getByRole("button", { name: /^Joaquim Teles/ })).toBeFocused();
});

test("a number opens exactly its rows, and a row its conversation", async ({ enter, newCustomer }) => {
  const eva = await enter("Eva");
  const ana = await enter("Ana");
  for (const [name, phone] of [["Marina Sousa", "+55 11 98765-4321"], ["Joaquim Teles", "+55 11 98765-4322"]] as const) {
    const one = await newCustomer(name, phone);
    await one.writes("Oi!");
    await expect(ana.getByRole("button", { name: new RegExp(`^${name}`) }).first()).toBeVisible();
  }
  await serve(ana, "Marina Sousa");
  await board(eva);
  await expect(figure(eva, "Em andamento").locator("b")).toHaveText("1");
  await figure(eva, "Em andamento").click();
  const rows = eva.getByRole("dialog", { name: "Em andamento" });
  await expect(rows.locator(".slip")).toHaveCount(1);
  await eva.setViewportSize({ width: eva.viewportSize()?.width ?? 1440, height: 500 });
  const screen = eva.locator("#manage");
  await screen.evaluate((element) => element.scrollTo(0, 120));
  await rows.getByRole("button", { name: /^Marina Sousa/ }).click();
  await expect(eva.getByRole("heading", { name: "Marina Sousa", level: 1 })).toBeVisible();
  await expect(eva).toHaveURL(/\/#conversa-/);
  // Nothing of the board lies over the desk: one writes where one looks.
  await eva.getByRole("textbox", { name: "Nota interna" }).fill("Pode ser breve.");
  await eva.keyboard.press("Enter");
  await expect(eva.getByRole("region", { name: "Mensagens" }).getByText("Pode ser breve.")).toBeVisible();
  // Going back finds the board where it was left.
  await eva.goBack();
  await expect(figure(eva, "Em andamento")).toBeAttached();
  await expect.poll(() => screen.evaluate((element) => element.scrollTop)).toBe(120);
});

test("a supervisor takes over from the board", async ({ enter, newCustomer, accessible }) => {
  const eva = await enter("Eva");
  const ana = await enter("Ana");
  const marina = await newCustomer("Marina Sousa", "+55 11 98765-4321");
  await marina.writes("Oi!");
  await serve(ana, "Marina Sousa");
  await board(eva);
  await line(eva, "Ana").getByRole("button", { name: "Ana: Em andamento 1" }).click();
  await eva.getByRole("dialog").getByRole("button", { name: /^Marina Sousa/ }).focus();
  await eva.keyboard.press("a");
  const asked = eva.getByRole("dialog", { name: "Assumir a conversa de Marina Sousa?" });
  await expect(asked).toContainText("Ana está atendendo agora");
  await accessible(eva);
  // The dialog that came from a dialog has the focus.
  await eva.keyboard.press("Enter");
  await expect(eva.getByRole("dialog").locator(".slip")).toHaveCount(0);
  await expect(ana.getByRole("region", { name: "Mensagens" }).getByText(/Eva.*assumiu o atendimento/)).toBeVisible();
});

test("whoever takes over on the board although they are full is told so", async ({ enter, newCustomer }) => {
  const ana = await enter("Ana");
  await ana.goto("/ajustes/equipes");
  await ana.getByRole("link", { name: "Suporte" }).click();
  await ana.getByRole("textbox", { name: "Limite por pessoa" }).fill("1");
  await ana.getByRole("button", { name: "Salvar" }).click();
  await expect(ana.getByText("Equipe salva.")).toBeVisible();
  // Bruno has one to begin with, so that he is full too.
  const davi = await enter("Davi");
  const marina = await newCustomer("Marina Sousa", "+55 11 98765-4321");
  await marina.writes("Oi!");
  await ana.goto("/");
  await serve(ana, "Marina Sousa");
  const otavio = await newCustomer("Otávio", "+55 11 98765-4322");
  await otavio.writes("Oi!");
  await serve(davi, "Otávio");
  await ana.goto("/painel");
  await line(ana, "Davi").getByRole("button", { name: "Davi: Em andamento 1" }).click();
  await ana.getByRole("dialog").getByRole("button", { name: /^Otávio/ }).focus();
  await ana.keyboard.press("a");
  await expect(ana.getByRole("dialog", { name: "Assumir a conversa de Otávio?" })).toBeVisible();
  await ana.keyboard.press("Enter");
  await expect(ana.getByText("Ana já estava no limite: 1 de 1")).toBeVisible();
  await expect(line(ana, "Ana").getByRole("button", { name: "Ana: Em andamento 2" })).toBeVisible();
});

test("whose conversation goes back to the queue by another hand is told so", async ({ enter, newCustomer }) => {
  const [eva, ana] = [await enter("Eva"), await enter("Ana")];
  await (await newCustomer("Marina Sousa", "+55 11 98765-4321")).writes("Oi!");
  await serve(ana, "Marina Sousa");
  await board(eva);
  await line(eva, "Ana").getByRole("button", { name: "Ana: Em andamento 1" }).click();
  await eva.getByRole("dialog").getByRole("button", { name: /^Marina Sousa/ }).focus();
  await eva.keyboard.press("m");
  await eva.getByRole("dialog", { name: /Marina Sousa/ }).getByRole("button", { name: "Suporte" }).click();
  await expect(ana.getByText("A conversa de Marina Sousa não está mais com você.")).toBeVisible();
});

test("who oversees nothing has no board, and is told so", async ({ enter }) => {
  const bruno = await enter("Bruno");
  await expect(bruno.getByRole("link", { name: "Painel" })).toHaveCount(0);
  await bruno.goto("/painel");
  await expect(bruno.getByText(/Só supervisores e administradores têm um painel/)).toBeVisible();
});

test("offers ring on while one looks at the board", async ({ enter, newCustomer }) => {
  const ana = await enter("Ana");
  await board(ana);
  await expect(ana.getByRole("link", { name: "Atendimentos 1" })).toBeVisible();
  const marina = await newCustomer("Marina Sousa", "+55 11 98765-4321");
  await marina.writes("Oi!");
  await expect(ana.getByRole("link", { name: "Atendimentos 2" })).toBeVisible();
  await ana.goBack();
  await expect(ana.getByRole("tab", { name: /^Novos/ })).toBeVisible();
});

test("the board says why a conversation is with somebody, and who was considered", async ({ enter, newCustomer, accessible }) => {
  const eva = await enter("Eva");
  await board(eva);
  const marina = await newCustomer("Marina Sousa", "+55 11 98765-4321");
  await marina.writes("Oi!");
  await slip(eva, "Marina Sousa").getByRole("button", { name: "Por que está com Ana?" }).click();
  const why = eva.getByRole("dialog", { name: "Por que está com Ana?" });
  await expect(why.locator(".why-list > li")).toHaveCount(1);
  await expect(why).toContainText(/Carla: indisponível/);
  await accessible(eva);
});

test("a move that is being chosen stays through a hop, and closes when somebody else starts the conversation", async ({
  enter,
  newCustomer,
  moveClock,
}) => {
  const [eva, bruno] = [await enter("Eva"), await enter("Bruno")];
  await board(eva);
  await (await newCustomer("Marina Sousa", "+55 11 98765-4321")).writes("Oi!");
  await slip(eva, "Marina Sousa").getByRole("button", { name: "Mover Marina Sousa" }).click();
  const dialog = eva.getByRole("dialog", { name: "Mover a conversa com Marina Sousa" });
  await expect(dialog.getByRole("button", { name: "Davi" })).toBeVisible();
  await moveClock({ minutes: 10, seconds: 1 });
  // Below the dialog the offer has passed on; where one may put the conversation is the same.
  await expect(slip(eva, "Marina Sousa")).toContainText("para Bruno · 2ª oferta");
  await expect(dialog).toBeVisible();
  await serve(bruno, "Marina Sousa");
  await expect(eva.getByText("A conversa com Marina Sousa mudou enquanto isso: agora está com Bruno.")).toBeVisible();
  await expect(dialog).toHaveCount(0);
  // Whoever works by the keyboard goes on from the board, not from the top of the page.
  await expect.poll(() => eva.evaluate(() => document.activeElement?.tagName)).not.toBe("BODY");
});

test("whoever is asked about a take-over is told when it was decided without them", async ({ enter, newCustomer }) => {
  const [eva, ana] = [await enter("Eva"), await enter("Ana")];
  await board(eva);
  await (await newCustomer("Marina Sousa", "+55 11 98765-4321")).writes("Oi!");
  await slip(eva, "Marina Sousa").getByRole("button", { name: /^Marina Sousa/ }).focus();
  await eva.keyboard.press("a");
  const asked = eva.getByRole("dialog", { name: "Assumir a conversa de Marina Sousa?" });
  await expect(asked).toContainText("Ela está oferecida a Ana neste momento");
  await serve(ana, "Marina Sousa");
  await expect(eva.getByText("A conversa com Marina Sousa mudou enquanto isso: agora está com Ana.")).toBeVisible();
  await expect(asked).toHaveCount(0);
});

test("what lies above the board closes with the right to see it, not with a name", async ({ enter, newCustomer }) => {
  const [eva, ana] = [await enter("Eva"), await enter("Ana")];
  await board(eva);
  await (await newCustomer("Marina Sousa", "+55 11 98765-4321")).writes("Oi!");
  await slip(eva, "Marina Sousa").getByRole("button", { name: "Por que está com Ana?" }).click();
  const why = eva.getByRole("dialog", { name: "Por que está com Ana?" });
  await expect(why.locator(".why-list > li")).toHaveCount(1);
  await ana.goto("/ajustes/equipes");
  await ana.getByRole("link", { name: "Suporte" }).click();
  await ana.getByLabel("Nome", { exact: true }).fill("Suporte Sul");
  await ana.getByRole("button", { name: "Salvar" }).click();
  // Below the dialog the new name has arrived.
  await expect(eva.locator(".board tbody th", { hasText: "Suporte Sul" })).toHaveCount(1);
  await expect(why).toContainText("Marina Sousa");
  await expect(ana.getByText("Salvando…")).toHaveCount(0);
  await ana.getByRole("checkbox", { name: "Eva: Supervisor", exact: true }).uncheck();
  await ana.getByRole("button", { name: "Salvar" }).click();
  await expect(eva.getByText("O que você pode ver mudou, e o que estava aberto foi fechado.")).toBeVisible();
  await expect(why).toHaveCount(0);
  await expect(slip(eva, "Marina Sousa")).toHaveCount(0);
  // She oversees another team still, and its board goes on.
  await expect(figure(eva, "Na fila").locator("b")).toHaveText("0");
});

test("rows of today close with the right to see them, and a number's rows go by themselves", async ({ enter, newCustomer }) => {
  const [eva, ana] = [await enter("Eva"), await enter("Ana")];
  await board(eva);
  await (await newCustomer("Marina Sousa", "+55 11 98765-4321")).writes("Oi!");
  await expect(figure(eva, "Chegaram hoje").locator("b")).toHaveText("1");
  await expect(figure(eva, "Chegaram hoje")).toContainText("1 esperando a primeira resposta");
  await expect(eva.locator(".figures button", { hasText: /^Primeira resposta/ })).toContainText("sem primeira resposta medida nas de hoje");
  await figure(eva, "Chegaram hoje").click();
  const today = eva.getByRole("dialog", { name: "Chegaram hoje" });
  await expect(today).toContainText("Marina Sousa");
  await ana.goto("/ajustes/equipes");
  await ana.getByRole("link", { name: "Suporte" }).click();
  const supervise = async (on: boolean): Promise<void> => {
    await ana.getByRole("checkbox", { name: "Eva: Supervisor", exact: true }).setChecked(on);
    const save = ana.getByRole("button", { name: "Salvar" });
    await save.click();
    await expect(ana.getByText("Salvando…")).toHaveCount(0);
    // There is nothing left to save: the server has it.
    await expect(save).toBeDisabled();
  };
  await supervise(false);
  await expect(eva.getByText("O que você pode ver mudou, e o que estava aberto foi fechado.")).toBeVisible();
  await expect(today).toHaveCount(0);

  // What comes back with the right is shown again, and goes row by row when it is taken once more.
  await supervise(true);
  await expect(figure(eva, "Na fila").locator("b")).toHaveText("1");
  await figure(eva, "Na fila").click();
  const waiting = eva.getByRole("dialog", { name: "Na fila" });
  await expect(waiting.locator(".slip")).toHaveCount(1);
  await supervise(false);
  await expect(waiting).toContainText("Nenhuma conversa agora.");
  await expect(waiting).not.toContainText("Marina Sousa");
});
