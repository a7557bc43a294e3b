/** Buttons, lists, templates and native flows, and the answers to them: rules K-buttons to K-template-reply. */
import type { Content, Readers } from './content.ts';
import type { proto } from './protos.ts';
import { filled, filledOrNothing } from './values.ts';

function buttons(message: proto.Message.IButtonsMessage): Content {
  return {
    kind: 'buttons',
    text: message.contentText,
    context: message.contextInfo,
    payload: filledOrNothing({
      footer: message.footerText,
      buttons: (message.buttons ?? []).map((button) => filled({ id: button.buttonId, text: button.buttonText?.displayText })),
    }),
  };
}

function list(message: proto.Message.IListMessage): Content {
  const sections = (message.sections ?? []).map((section) =>
    filled({ title: section.title, rows: (section.rows ?? []).map((row) => filled({ id: row.rowId, title: row.title, description: row.description })) }),
  );
  return {
    kind: 'list',
    text: message.description || message.title,
    context: message.contextInfo,
    payload: filledOrNothing({ title: message.title, button: message.buttonText, footer: message.footerText, sections }),
  };
}

function interactive(message: proto.Message.IInteractiveMessage): Content {
  const flow = (message.nativeFlowMessage?.buttons ?? []).map((button) => filled({ name: button.name, parameters: button.buttonParamsJson }));
  return {
    kind: 'interactive',
    text: message.body?.text,
    context: message.contextInfo,
    payload: filledOrNothing({ title: message.header?.title, footer: message.footer?.text, buttons: flow }),
  };
}

function hydratedButton(button: proto.IHydratedTemplateButton): object {
  const { quickReplyButton, urlButton, callButton } = button;
  return filled({
    id: quickReplyButton?.id,
    text: quickReplyButton?.displayText ?? urlButton?.displayText ?? callButton?.displayText,
    url: urlButton?.url,
    phone_number: callButton?.phoneNumber,
  });
}

function template(message: proto.Message.ITemplateMessage): Content {
  const hydrated = message.hydratedTemplate ?? message.hydratedFourRowTemplate;
  return {
    kind: 'template',
    text: hydrated?.hydratedContentText,
    context: message.contextInfo,
    payload: filledOrNothing({
      title: hydrated?.hydratedTitleText,
      footer: hydrated?.hydratedFooterText,
      buttons: (hydrated?.hydratedButtons ?? []).map(hydratedButton),
    }),
  };
}

export const interactiveReaders = {
  buttonsMessage: buttons,
  buttonsResponseMessage: (message) => ({
    kind: 'buttons',
    text: message.selectedDisplayText,
    context: message.contextInfo,
    payload: filledOrNothing({ selected_id: message.selectedButtonId }),
  }),
  listMessage: list,
  listResponseMessage: (message) => ({
    kind: 'list',
    text: message.title || message.description,
    context: message.contextInfo,
    payload: filledOrNothing({ selected_id: message.singleSelectReply?.selectedRowId }),
  }),
  interactiveMessage: interactive,
  interactiveResponseMessage: (message) => ({
    kind: 'interactive',
    text: message.body?.text,
    context: message.contextInfo,
    payload: filledOrNothing({ name: message.nativeFlowResponseMessage?.name, parameters: message.nativeFlowResponseMessage?.paramsJson }),
  }),
  templateMessage: template,
  templateButtonReplyMessage: (message) => ({
    kind: 'template',
    text: message.selectedDisplayText,
    context: message.contextInfo,
    payload: filledOrNothing({ selected_id: message.selectedId }),
  }),
} satisfies Readers;
