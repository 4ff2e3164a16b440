// Who sees what, and why: a designation in words, a hop on three screens at once, a take-over and a whisper.

import type { Page } from "@playwright/test";

import { box, bubbles, contact, open, serve, write } from "../support/desk.ts";
import { expect, test } from "../support/test.ts";

const MARINA = ["Marina Sousa", "+55 11 98765-4321"] as const;
const QUESTION = "Oi! O pedido 4821 ainda não chegou, conseguem ver?";

const row = (page: Page, words: RegExp) => page.getByRole("button", { name: words }).first();
const notices = (page: Page) => page.getByRole("region", { name: "Avisos" });
const notebox = (page: Page) => page.getByRole("textbox", { name: "Nota interna" });

/** On a narrow screen a conversation covers the list, and the contact the conversation. */
async function backToList(page: Page): Promise<void> {
  const back = page.getByRole("button", { name: "Voltar à lista" });
  if (await back.isVisible()) await back.click();
}

/** Goes to a tab of the list and opens a conversation in it. */
async function openIn(page: Page, tab: string, name: string): Promise<void> {
  await backToList(page);
  await page.getByRole("tab", { name: new RegExp(`^${tab}`) }).click();
  await open(page, name);
}

test("a hop is seen by three screens at once", async ({ enter, newCustomer, moveClock, accessible }) => {
  const [ana, bruno, eva] = [await enter("Ana"), await enter("Bruno"), await enter("Eva")];
  const marina = await newCustomer(...MARINA);
  await marina.writes(QUESTION);
  await expect(row(ana, /^Marina Sousa.*para você/)).toBeVisible();
  await expect(row(eva, /^Marina Sousa.*oferecida a Ana/)).toBeVisible();
  await open(eva, "Marina Sousa");
  const why = await contact(eva);
  await expect(why.getByText("Por que está com Ana?")).toBeVisible();
  await expect(why.getByText("Oferecida a Ana: era a vez no círculo")).toBeVisible();
  await why.getByRole("button", { name: "Quem foi considerado" }).click();
  for (const line of ["Ana: recebeu", "Bruno: podia receber, mas não era a vez", "Carla: indisponível"]) {
    await expect(why.getByText(line)).toBeVisible();
  }
  await accessible(eva);

  // At half of the time the offer is told once more, in words too.
  await moveClock({ minutes: 5 });
  await expect(ana.getByText("Marina Sousa ainda espera você iniciar")).toHaveCount(1);
  await expect(eva.getByText(/ainda espera você iniciar/)).toHaveCount(0);

  await moveClock({ minutes: 5 });
  await Promise.all([
    expect(row(bruno, /^Marina Sousa.*para você/)).toBeVisible(),
    expect(row(ana, /^Marina Sousa.*oferecida a Bruno/)).toBeVisible(),
    expect(why.getByText("Passou para Bruno: Ana não iniciou a tempo")).toBeVisible(),
  ]);
  // What was answered before does not stand beside what holds now.
  await expect(why.getByText("Bruno: podia receber, mas não era a vez")).toHaveCount(0);
  await why.getByRole("button", { name: "Quem foi considerado" }).click();
  await expect(why.getByText("Ana: já teve a vez nesta rodada")).toBeVisible();
});

test("who supervises is told with a bell when a conversation is nobody's, until the board is opened", async ({ enter, newCustomer, moveClock }) => {
  const eva = await enter("Eva");
  const board = eva.getByRole("link", { name: /^Painel/ });
  await (await newCustomer(...MARINA)).writes(QUESTION);
  await expect(row(eva, /^Marina Sousa.*oferecida a/)).toBeVisible();
  await expect(board).toHaveAccessibleName("Painel");
  await moveClock({ minutes: 61 });
  await expect(notices(eva).getByText("Marina Sousa espera qualquer pessoa de Suporte")).toBeVisible();
  await expect(board).toHaveAccessibleName(/1/);
  await board.click();
  await expect(board).toHaveAccessibleName("Painel");
});

test("a supervisor follows along, whispers and takes over", async ({ enter, newCustomer, accessible }) => {
  const [ana, eva] = [await enter("Ana"), await enter("Eva")];
  const marina = await newCustomer(...MARINA);
  await marina.writes(QUESTION);
  await serve(ana, "Marina Sousa");
  await write(ana, "Um momento, vou ver.");
  await expect(bubbles(ana).getByTitle("Entregue")).toBeVisible();

  // Following along is writing notes: the customer's side is one deliberate press away.
  await openIn(eva, "Outros", "Marina Sousa");
  await expect(eva.getByText("Ana está atendendo. O contato não vê esta nota.")).toBeVisible();
  await notebox(eva).fill("@an");
  await eva.getByRole("listbox").getByRole("option", { name: /Ana/ }).click();
  await expect(notebox(eva)).toHaveValue("@Ana ");
  await notebox(eva).pressSequentially("ofereça o frete de volta.");
  await accessible(eva);
  await backToList(ana);
  await eva.getByRole("button", { name: "Anotar" }).click();
  const whisper = bubbles(eva).getByText("@Ana ofereça o frete de volta.");
  await expect(whisper).toBeVisible();

  // She has it before her eyes on a wide screen; on a narrow one the row says who called.
  if (await ana.getByRole("tab", { name: /^Meus/ }).isVisible() && !(await bubbles(ana).isVisible())) {
    await expect(row(ana, /^Marina Sousa.*Eva mencionou você/)).toBeVisible();
    await open(ana, "Marina Sousa");
  }
  await expect(bubbles(ana).getByText("@Ana ofereça o frete de volta.")).toBeVisible();
  await backToList(ana);
  await expect(row(ana, /mencionou você/)).toHaveCount(0);
  expect(await marina.received()).toEqual(["Um momento, vou ver."]);

  await eva.getByRole("button", { name: "Assumir" }).click();
  await expect(bubbles(eva).getByText(/assumiu o atendimento/)).toBeVisible();
  await expect(box(eva)).toBeVisible();
  await write(eva, "Oi, aqui é a Eva. Já resolvo.");
  await expect.poll(() => marina.received()).toEqual(["Um momento, vou ver.", "Oi, aqui é a Eva. Já resolvo."]);
  await expect(notices(ana).getByText("A conversa de Marina Sousa agora está com Eva.")).toBeVisible();
  await openIn(ana, "Outros", "Marina Sousa");
  await expect(ana.getByText("Eva está atendendo. O contato não vê esta nota.")).toBeVisible();
});

test("whoever may not take over asks who attends for the conversation", async ({ enter, newCustomer, accessible }) => {
  const [ana, davi] = [await enter("Ana"), await enter("Davi")];
  const marina = await newCustomer(...MARINA);
  await marina.writes(QUESTION);
  await serve(ana, "Marina Sousa");
  await openIn(davi, "Outros", "Marina Sousa");
  await expect(davi.getByRole("button", { name: "Assumir" })).toHaveCount(0);
  await accessible(davi);
  await davi.getByRole("button", { name: "Solicitar transferência" }).click();
  // It can be changed before it is sent.
  await expect(notebox(davi)).toHaveValue("@Ana Pode transferir esta conversa para mim?");
  await expect(notebox(davi)).toBeFocused();
  await davi.keyboard.press("Enter");
  await expect(bubbles(ana).getByText("Pode transferir esta conversa para mim?")).toBeVisible();
  expect(await marina.received()).toEqual([]);
});

test("a note that was written into silence is there after a reload, once, and never leaves", async ({ enter, newCustomer, faults }) => {
  faults.expect(/ERR_INTERNET_DISCONNECTED/);
  const ana = await enter("Ana");
  const marina = await newCustomer(...MARINA);
  await marina.writes(QUESTION);
  await serve(ana, "Marina Sousa");
  await box(ana).fill("Boa tarde");
  await ana.getByRole("button", { name: "Nota interna" }).click();
  await expect(notebox(ana)).toHaveValue("");
  await ana.context().setOffline(true);
  await notebox(ana).fill("Cliente antiga, tratar bem.");
  await ana.keyboard.press("Enter");
  await expect(bubbles(ana).getByText("Cliente antiga, tratar bem.")).toBeVisible();
  await ana.context().setOffline(false);
  await ana.reload();
  await expect(bubbles(ana).getByText("Cliente antiga, tratar bem.")).toHaveCount(1);
  await expect(bubbles(ana).getByTitle("Enviando")).toHaveCount(0);
  // The draft for the customer was kept apart.
  await expect(box(ana)).toHaveValue("Boa tarde");
  await ana.reload();
  await expect(bubbles(ana).getByText("Cliente antiga, tratar bem.")).toHaveCount(1);
  expect(await marina.received()).toEqual([]);
});

/** Changes a team's level of access as Ajustes does, by whoever is logged in on this page. */
async function setLevel(page: Page, team: string, level: string): Promise<void> {
  const answer = await page.evaluate(
    async ({ team, level }) => {
      const ask = (name: string, body: object) =>
        fetch(`/api/fn/${name}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
      interface Entry {
        id: string;
        rev: string;
        form: { name: string; level: string };
      }
      const { teams } = (await (await ask("settings", {})).json()) as { teams: Entry[] };
      const entry = teams.find((each) => each.form.name === team) as Entry;
      const saved = await ask("save_team", { team: entry.id, rev: entry.rev, form: { ...entry.form, level }, leaving: null });
      return saved.ok ? "" : await saved.text();
    },
    { team, level },
  );
  expect(answer, "the team was saved").toBe("");
}

test("a change of rights takes an open conversation off the screen, its words kept", async ({ enter, newCustomer }) => {
  const [ana, davi] = [await enter("Ana"), await enter("Davi")];
  await (await newCustomer(...MARINA)).writes(QUESTION);
  await serve(ana, "Marina Sousa");
  await openIn(davi, "Outros", "Marina Sousa");
  await expect(davi.getByText("Ana está atendendo.")).toBeVisible();
  await davi.getByRole("button", { name: "Nota interna" }).click();
  await notebox(davi).fill("Já resolvi um caso igual.");

  await setLevel(ana, "Suporte", "Attendant");
  const gone = davi.getByRole("alert");
  await expect(gone.getByText("Você não vê mais esta conversa")).toBeVisible({ timeout: 1_000 });
  await expect(gone.getByText("Já resolvi um caso igual.")).toBeVisible();
  await gone.getByRole("button", { name: "Dispensar" }).click();
  await expect(davi.getByText("Marina Sousa")).toHaveCount(0);
  await expect(ana.getByRole("heading", { name: "Marina Sousa", level: 1 })).toBeVisible();
});

test("a contact's preferred attendant is offered their next conversation, and everybody is told why", async ({
  enter,
  newCustomer,
  moveClock,
  accessible,
}) => {
  const [ana, davi] = [await enter("Ana"), await enter("Davi")];
  const marina = await newCustomer(...MARINA);
  await marina.writes(QUESTION);
  await serve(ana, "Marina Sousa");
  const pane = await contact(ana);
  await pane.getByRole("combobox", { name: /^Atendente preferido/ }).selectOption({ label: "Davi" });
  await accessible(ana);
  // A message that comes meanwhile draws the conversation anew, not the choice.
  await marina.writes("Obrigada!");
  await expect(pane.getByRole("combobox", { name: /^Atendente preferido/ }).getByRole("option", { name: "Davi" })).toHaveJSProperty("selected", true);
  await ana.keyboard.press("Escape");
  await ana.getByRole("button", { name: /^Concluir/ }).first().click();
  await ana.getByRole("dialog").getByRole("button", { name: /^Concluir/ }).click();
  // An act counts when the server has it: on somebody else's screen it is concluded, before the day passes.
  await davi.getByRole("tab", { name: /^Concluídos/ }).click();
  await expect(row(davi, /^Marina Sousa/)).toBeVisible();
  await davi.getByRole("tab", { name: /^Novos/ }).click();
  await moveClock({ hours: 24 });
  await marina.writes("Voltei!");
  await expect(row(davi, /^Marina Sousa.*para você/)).toBeVisible();
  await open(davi, "Marina Sousa");
  await expect((await contact(davi)).getByText("Oferecida a Davi: tem a preferência do contato")).toBeVisible();
});
