/** What the product promises, as data. Scenarios cite the ids; coverage.test.ts fails on a promise that nobody proves. */
export const requirements = {
  'link.qr': 'A bridge is linked by scanning the picture that get_pairing_qr shows; the text beside it never holds the code.',
  'history.exact': 'After linking, messages.db holds exactly the messages of the phone, by query: 20,000 and more, none missing, none doubled, none altered.',
  'history.one-chat-per-person': 'A person who appears under phone number and hidden id has one chat.',
  'history.survives-baileys-crash': 'SIGKILL of the Baileys bridge in the middle of the import, and a new start, end in the same rows.',
  'history.survives-whatsmeow-crash': 'SIGKILL of the whatsmeow bridge in the middle of the import, and a new start, end in the same rows.',
  'message.send': 'A message sent by a tool is decrypted on the other phone, once, and is in messages.db.',
  'message.receive': 'A message that another phone sends is in messages.db and in list_messages.',
  'degraded.reads': 'Reads are answered while both bridges are stopped.',
  'degraded.send-other-bridge': 'A send goes through the other bridge when the first is stopped, and arrives once.',
  'degraded.send-says-why': 'A send with both bridges stopped is refused with a named failure and a hint.',
  'server.several': 'Several MCP servers work on one data folder at once.',
  'server.stdin-end': 'An MCP server ends soon after its stdin ends.',
  'server.stdout': 'An MCP server writes nothing but protocol on stdout, a bridge nothing at all.',
  'bridge.one-per-folder': 'A second bridge on a data folder ends with exit code 3 and one sentence that names the holder.',
  'bridge.stop': 'A bridge that is told to stop removes its run file and exits 0.',
  'edge.token': 'A bridge refuses a missing or wrong token with unauthorized.',
  'edge.host': 'A bridge refuses a foreign Host with forbidden_origin.',
  'edge.origin': 'A bridge refuses any Origin with forbidden_origin.',
  'edge.body': 'A bridge refuses a body over the limit with too_large, and one that is not JSON with malformed_json.',
  'edge.operation': 'A bridge names an operation that it does not know (unknown_operation) and a field that is wrong (invalid_argument).',
} as const;

export type RequirementId = keyof typeof requirements;
