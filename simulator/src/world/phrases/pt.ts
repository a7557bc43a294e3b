import { givenFirst, type Phrases } from './phrases.ts';

export const portuguese: Phrases = {
  given: ['João', 'Conceição', 'Antônio', 'Luísa', 'Tomás', 'Letícia', 'Inês', 'Caetano', 'Thaís', 'Zé'],
  family: ['Araújo', 'Gonçalves', 'Simões', 'Magalhães', 'Brandão', 'Conceição', 'Leitão', 'Silva'],
  fullName: givenFirst,
  slots: {
    food: ['pão de queijo', 'feijoada', 'um bolo de maçã', 'moqueca', 'pastéis'],
    place: ['na praça', 'na estação', 'lá em casa', 'no café da esquina', 'no escritório'],
    day: ['na segunda', 'na terça', 'na quarta', 'na quinta', 'na sexta', 'no sábado', 'amanhã'],
    time: ['às oito', 'ao meio-dia', 'às três', 'às seis e meia', 'depois do almoço'],
    thing: ['as chaves', 'o carregador', 'o guarda-chuva', 'a caixa de som', 'o orçamento'],
  },
  dialogues: [
    ['a Você está livre {day} {time}?', 'b Estou sim. Por quê?', 'a Vamos tomar um café {place}', 'b Combinado ☕'],
    ['a Achou {thing}?', 'b Ainda não, vou procurar', 'a Sem pressa, preciso só {day}', 'b Achei! Estava no carro'],
    ['a Fiz {food} hoje', 'b Ai que saudade! Guarda pra mim', 'a Passa aqui {time}', 'b Já estou indo 🏃'],
    ['a O orçamento da obra chegou', 'b E aí, caro?', 'a Um pouco, mas dá para negociar', 'b Marca uma conversa {day}'],
    ['a Quem leva o som {day}?', 'b Eu levo', 'c E eu levo {food}', 'a Então nos vemos {place} {time}'],
    ['a Parabéns! 🎉', 'b Obrigado, de coração', 'a Vai ter festa?', 'b Só uma coisinha {place}, {day}'],
    ['a Trânsito parado na marginal', 'b Avisa quando chegar', 'a Acho que só {time}', 'b Tranquilo, começamos sem pressa'],
  ],
  captions: ['Olha esse pôr do sol', 'A família reunida', 'Primeiro dia de aula', 'Ficou assim a parede'],
  files: ['Orçamento da obra', 'Lista de convidados', 'Relatório março', 'Recibo'],
  subjects: ['Família Araújo', 'Churrasco de sábado', 'Pais da escola', 'Capoeira'],
  abouts: ['Disponível', 'No trabalho', 'Só alegria', 'Não posso falar, só mensagens'],
  places: [
    { name: 'Parque Ibirapuera', address: 'São Paulo', latitude: -23.5874, longitude: -46.6576 },
    { name: 'Miradouro da Graça', address: 'Lisboa', latitude: 38.7164, longitude: -9.1317 },
  ],
  polls: [{ question: 'Que dia é o churrasco?', options: ['Sábado', 'Domingo', 'Outro dia'] }],
  events: ['Churrasco', 'Reunião de pais'],
  sentences: [
    'Conversei com a arquiteta e ela acha melhor começar pela cozinha.',
    'Se cada um trouxer uma coisa, ninguém gasta muito e sobra para o dia seguinte.',
    'A diretora disse que a reunião continua marcada, mas a sala mudou.',
    'Não precisa responder agora, pensa com calma e me fala depois.',
  ],
};
