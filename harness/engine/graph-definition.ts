import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DTYPE, sessions, type Attribute } from './kernel.ts';
import type { Tensor } from './tensorflow.ts';

/** TensorFlow's protocol buffers, as tfjs-node ships them, with the setters that are used here. */
interface Message {
  serializeBinary(): Uint8Array;
}
type Setters<Names extends string> = Message & Record<Names, (value: unknown) => void>;
interface Protocol {
  readonly SavedModel: new () => Setters<'setSavedModelSchemaVersion' | 'addMetaGraphs'>;
  readonly MetaGraphDef: (new () => Setters<'setMetaInfoDef' | 'setGraphDef'>) & {
    readonly MetaInfoDef: new () => Setters<'addTags'>;
  };
  readonly GraphDef: new () => Setters<'setVersions' | 'addNode'>;
  readonly VersionDef: new () => Setters<'setProducer'>;
  readonly NodeDef: new () => Setters<'setName' | 'setOp' | 'setInputList'> & {
    getAttrMap(): { set(name: string, value: Message): void };
  };
  readonly AttrValue: new () => Setters<'setType' | 'setB' | 'setI' | 'setS' | 'setShape' | 'setTensor'>;
  readonly Tensor: new () => Setters<'setDtype' | 'setTensorShape' | 'setTensorContent'>;
  readonly TensorShape: (new () => Setters<'addDim' | 'setUnknownRank'>) & {
    readonly Dim: new () => Setters<'setSize'>;
  };
}

const proto = createRequire(import.meta.url)('@tensorflow/tfjs-node-gpu/dist/proto/api_pb') as Protocol;

/** Graphs of TensorFlow 2; without a producer the defaults of its first versions would hold. */
const PRODUCER = 1882;

/** The number of a tensor's element type. */
function dtypeOf({ dtype }: Tensor): number {
  const number = DTYPE[dtype as keyof typeof DTYPE];
  if (number === undefined) throw new Error(`expected float32, int32 or complex64 in a graph, got ${dtype}`);
  return number;
}

/** A TensorFlow graph, node by node. */
export class GraphDefinition {
  readonly #graph = new proto.GraphDef();

  /** A value that is given with each run. */
  placeholder(name: string, like: Tensor): void {
    this.#node(name, 'Placeholder', [], { dtype: value('Type', dtypeOf(like)) });
  }

  /** A value that is part of the graph; float32 or int32. */
  constant(name: string, tensor: Tensor): void {
    const content = new proto.Tensor();
    content.setDtype(dtypeOf(tensor));
    content.setTensorShape(shapeOf(tensor.shape));
    const { buffer, byteOffset, byteLength } = tensor.dataSync();
    content.setTensorContent(new Uint8Array(buffer, byteOffset, byteLength));
    this.#node(name, 'Const', [], { dtype: value('Type', dtypeOf(tensor)), value: value('Tensor', content) });
  }

  /** A value that stays in the session: feeding `NAME_new` and fetching `NAME_set` replaces it, without a copy. */
  variable(name: string, like: Tensor): void {
    const dtype = value('Type', dtypeOf(like));
    const shape = new proto.TensorShape();
    shape.setUnknownRank(true);
    this.#node(`${name}_handle`, 'VarHandleOp', [], {
      dtype,
      shape: value('Shape', shape),
      shared_name: value('S', text(name)),
    });
    this.#node(`${name}_new`, 'Placeholder', [], { dtype });
    this.#node(`${name}_assign`, 'AssignVariableOp', [`${name}_handle`, `${name}_new`], { dtype });
    // The add-on fetches tensors only, and an assignment has none.
    this.#node(`${name}_set`, 'Shape', [`${name}_new`, `^${name}_assign`], { T: dtype });
    this.#node(name, 'ReadVariableOp', [`${name}_handle`], { dtype });
  }

  /** A kernel's node. */
  kernel(name: string, kernel: string, inputs: readonly string[], attributes: readonly Attribute[]): void {
    const values = attributes.map(
      (attribute) => [attribute.name, value(KINDS[attribute.kind], attribute.value)] as const,
    );
    this.#node(name, kernel, inputs, Object.fromEntries(values));
  }

  /** Opens a session over the graph, through a SavedModel: the one form in which the add-on takes a graph. */
  open(): number {
    const versions = new proto.VersionDef();
    versions.setProducer(PRODUCER);
    this.#graph.setVersions(versions);
    const info = new proto.MetaGraphDef.MetaInfoDef();
    info.addTags('serve');
    const meta = new proto.MetaGraphDef();
    meta.setMetaInfoDef(info);
    meta.setGraphDef(this.#graph);
    const model = new proto.SavedModel();
    model.setSavedModelSchemaVersion(1);
    model.addMetaGraphs(meta);
    const folder = mkdtempSync(path.join(tmpdir(), 'clara-bench-graph-'));
    try {
      writeFileSync(path.join(folder, 'saved_model.pb'), model.serializeBinary());
      return sessions.open(folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  #node(name: string, kernel: string, inputs: readonly string[], attributes: Readonly<Record<string, Message>>): void {
    const node = new proto.NodeDef();
    node.setName(name);
    node.setOp(kernel);
    node.setInputList(inputs);
    for (const [key, attribute] of Object.entries(attributes)) node.getAttrMap().set(key, attribute);
    this.#graph.addNode(node);
  }
}

/** How an attribute of each kind is set. */
const KINDS = { type: 'Type', bool: 'B', int: 'I' } as const;

function value(kind: 'Type' | 'B' | 'I' | 'S' | 'Shape' | 'Tensor', content: unknown): Message {
  const attribute = new proto.AttrValue();
  attribute[`set${kind}`](content);
  return attribute;
}

function text(content: string): Uint8Array {
  return new TextEncoder().encode(content);
}

function shapeOf(shape: readonly number[]): Message {
  const message = new proto.TensorShape();
  for (const size of shape) {
    const dimension = new proto.TensorShape.Dim();
    dimension.setSize(size);
    message.addDim(dimension);
  }
  return message;
}
